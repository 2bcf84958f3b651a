using System.Text.RegularExpressions;

namespace Grid.UnitTests.Grafana;

internal enum InfluxQlKind
{
    Name,
    Text,
    Macro,
    Number,
    Word,
    Symbol,
}

internal readonly partial record struct InfluxQlToken(InfluxQlKind Kind, string Text)
{
    public static IEnumerable<InfluxQlToken> Of(string query) => Pattern().Matches(query).Select(match =>
    {
        var kind = Enum.GetValues<InfluxQlKind>().First(kind => match.Groups[kind.ToString()].Success);
        return new InfluxQlToken(kind, match.Groups[kind.ToString()].Value);
    });

    public bool Is(string word) => Kind is InfluxQlKind.Word or InfluxQlKind.Symbol && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("""
        "(?<Name>[^"]+)" | '(?<Text>[^']*)' | (?<Macro>\$\w+) | (?<Number>\d+(\.\d+)?[a-z]*) | (?<Word>\w+) | (?<Symbol>\S)
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Pattern();
}

/// <summary>One SELECT without the one it selects from: enough of InfluxQL to hold dashboards to rules.</summary>
internal sealed class InfluxQlSelect
{
    private readonly List<InfluxQlToken> _tokens = [];

    /// <summary>The sub-query after FROM; null where a measurement stands there.</summary>
    public InfluxQlSelect? Inner { get; private set; }

    public IEnumerable<InfluxQlToken> Tokens => _tokens;

    /// <summary>This SELECT and those within it, from the outside in.</summary>
    public IEnumerable<InfluxQlSelect> All => Inner is null ? [this] : [this, .. Inner.All];

    public string? Measurement => Inner is null ? After("from").Select(t => t.Text).FirstOrDefault() : null;

    /// <summary>What its columns are called from outside.</summary>
    public IEnumerable<string> Aliases => _tokens.Index().Where(t => IsAlias(t.Index)).Select(t => t.Item.Text);

    /// <summary>The tags and fields that it asks for.</summary>
    public IEnumerable<string> Keys => _tokens.Index()
        .Where(t => t.Item.Kind is InfluxQlKind.Name && !IsAlias(t.Index) && !_tokens[t.Index - 1].Is("from")).Select(t => t.Item.Text);

    /// <summary>Tags it is grouped by; a star stands for all of them.</summary>
    public IEnumerable<string> GroupedBy => After("group").Where(t => t.Kind is InfluxQlKind.Name || t.Is("*")).Select(t => t.Text);

    /// <summary>Columns that no function sums up.</summary>
    public IEnumerable<string> RawColumns => _tokens.Index().TakeWhile(t => !t.Item.Is("from"))
        .Where(t => t.Item.Kind is InfluxQlKind.Name ? !IsAlias(t.Index) && !_tokens[t.Index - 1].Is("(") : t.Item.Is("*") && StartsColumn(t.Index))
        .Select(t => t.Item.Text);

    /// <summary>The length in GROUP BY time(…), or the macro that stands for it; null without one.</summary>
    public string? Window => After("group").SkipWhile(t => !t.Is("time")).Skip(2).Select(t => t.Text).FirstOrDefault();

    public static InfluxQlSelect Parse(string query)
    {
        Stack<InfluxQlSelect> open = new([new()]);
        var tokens = InfluxQlToken.Of(query).ToList();
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Is("("))
            {
                var isSelect = i + 1 < tokens.Count && tokens[i + 1].Is("select");
                open.Push(isSelect ? open.Peek().Inner = new() : open.Peek());
                if (isSelect) continue;
            }

            var here = open.Peek();
            if (tokens[i].Is(")")) open.Pop();
            if (here == open.Peek() || tokens[i].Is("(")) here._tokens.Add(tokens[i]);
        }

        return open.Peek();
    }

    private bool IsAlias(int index) => index > 0 && _tokens[index].Kind is InfluxQlKind.Name && _tokens[index - 1].Is("as");

    private bool StartsColumn(int index) => _tokens[index - 1].Is("select") || _tokens[index - 1].Is(",") || _tokens[index - 1].Is("(");

    private IEnumerable<InfluxQlToken> After(string word) => _tokens.SkipWhile(t => !t.Is(word)).Skip(1);
}
