using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Grid.Analytics;
using Grid.Portal;

namespace Grid.UnitTests.Portal;

public partial class TextsTests
{
    private static readonly Dictionary<string, string> English = Read(CultureInfo.InvariantCulture);
    private static readonly Dictionary<string, string> French = Read(CultureInfo.GetCultureInfo("fr"));

    [Fact]
    public void French_and_English_have_the_same_texts() => French.Keys.Should().BeEquivalentTo(English.Keys);

    [Fact]
    public void A_text_has_the_same_parts_in_both_languages()
    {
        foreach (var (key, text) in English) Parts(French[key]).Should().BeEquivalentTo(Parts(text), key);
    }

    [Theory]
    [InlineData(Sufficiency.NoData)]
    [InlineData(Sufficiency.TooFewValidDays)]
    [InlineData(Sufficiency.TooFewMeterDays)]
    [InlineData(Sufficiency.TooFewTemperatureDays)]
    [InlineData(Sufficiency.NegativeUse)]
    [InlineData(Sufficiency.FeedsIn)]
    [InlineData(SavingsEstimate.NoModel)]
    [InlineData(SavingsEstimate.NoBand)]
    [InlineData(SavingsEstimate.ModelTooUncertain)]
    [InlineData(SavingsEstimate.ShortReporting)]
    [InlineData(SavingsEstimate.MaskedReporting)]
    public void Every_reason_for_which_savings_cannot_be_told_has_its_text(string code) => English.Keys.Should().Contain($"Saved.Because.{code}");

    [Theory]
    [InlineData(Suppression.TooFewHomes)]
    [InlineData(Suppression.OneHomeDominates)]
    public void Every_reason_for_which_the_neighbourhoods_forecast_is_hidden_has_its_text(Suppression why) => English.Keys.Should().Contain($"Today.Everybody.Hidden.{why.Name()}");

    [Fact]
    public void No_text_is_empty() => English.Values.Concat(French.Values).Should().NotContain(t => string.IsNullOrWhiteSpace(t));

    [Fact]
    public void Every_text_that_a_page_names_exists()
    {
        var named = Directory.EnumerateFiles(Path.Combine(Root(), "src", "Grid.Portal"), "*.razor", SearchOption.AllDirectories)
            .SelectMany(file => Named().Matches(File.ReadAllText(file)))
            .Select(m => m.Groups["count"].Success ? m.Groups["key"].Value + ".One" : m.Groups["key"].Value)
            .Where(key => !key.Contains('{', StringComparison.Ordinal)).ToList();

        named.Should().HaveCountGreaterThan(50).And.BeSubsetOf(English.Keys);
    }

    [Fact]
    public void Every_state_grade_verdict_and_view_has_its_text()
    {
        var states = Enum.GetValues<RowState>().Where(s => s is not (RowState.ToCome or RowState.NotYours)).Select(s => $"State.{s}");
        var grades = Enum.GetValues<Grade>().SelectMany(g => new[] { $"Grade.{g}", $"Grade.{g}.Text" });
        var verdicts = Enum.GetValues<UsualVerdict>().Select(v => $"Today.Usual.{v}");
        var views = Enum.GetValues<UsageView>().SelectMany(v => new[] { $"Usage.{v}", $"Table.{v}", $"Usage.Empty.{v}", $"Usage.Chart.{v}" });

        English.Keys.Should().Contain([.. states, .. grades, .. verdicts, .. views]);
    }

    private static Dictionary<string, string> Read(CultureInfo culture) => new ResourceManager(typeof(Texts))
        .GetResourceSet(culture, createIfNotExists: true, tryParents: false)!
        .Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!, StringComparer.Ordinal);

    private static IEnumerable<string> Parts(string text) => Part().Matches(text).Select(m => m.Value).Distinct(StringComparer.Ordinal);

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Grid.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No Grid.sln above the tests.");
        return folder;
    }

    [GeneratedRegex(@"\{\d+\}", RegexOptions.None, 1000)]
    private static partial Regex Part();

    [GeneratedRegex("""\bT(\[|(?<count>\.Count\())\$?"(?<key>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Named();
}
