using System.Globalization;
using System.Text;

namespace Grid.UnitTests.Storage;

/// <summary>
/// A point of InfluxDB's line protocol, read back by its own rules and not by how we write: measurement, tags, fields and a stamp;
/// a comma, a space or an equals sign inside a name is escaped, a quote or a backslash inside a text.
/// </summary>
internal sealed record LinePoint(string Measurement, IReadOnlyDictionary<string, string> Tags, IReadOnlyDictionary<string, object> Fields, long Stamp)
{
    /// <exception cref="FormatException">The text is not points, one a line, each ended.</exception>
    public static List<LinePoint> ParseAll(string text)
    {
        List<LinePoint> points = [];
        var cursor = new Cursor(text);
        while (!cursor.AtEnd) points.Add(Parse(cursor));
        return points;
    }

    private static LinePoint Parse(Cursor cursor)
    {
        var measurement = cursor.Name(", ");
        Dictionary<string, string> tags = new(StringComparer.Ordinal);
        while (cursor.Skip(','))
        {
            var key = cursor.Name("=");
            cursor.Expect('=');
            tags.Add(key, cursor.Name(", "));
        }

        cursor.Expect(' ');
        Dictionary<string, object> fields = new(StringComparer.Ordinal);
        do
        {
            var key = cursor.Name("=");
            cursor.Expect('=');
            fields.Add(key, cursor.Value());
        }
        while (cursor.Skip(','));
        cursor.Expect(' ');
        var stamp = long.Parse(cursor.Until("\n"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        cursor.Expect('\n');
        return new(measurement, tags, fields, stamp);
    }

    private sealed class Cursor(string text)
    {
        private int _at;

        public bool AtEnd => _at == text.Length;

        public bool Skip(char c)
        {
            if (AtEnd || text[_at] != c) return false;
            _at++;
            return true;
        }

        public void Expect(char c)
        {
            if (!Skip(c)) throw new FormatException($"'{c}' is missing at {_at}.");
        }

        public string Until(string ends)
        {
            var from = _at;
            while (!AtEnd && !ends.Contains(text[_at])) _at++;
            return text[from.._at];
        }

        public string Name(string ends)
        {
            var name = new StringBuilder();
            for (; !AtEnd && !ends.Contains(text[_at]); _at++)
            {
                if (text[_at] == '\n') throw new FormatException($"A line ends at {_at}, inside a name.");
                if (text[_at] == '\\' && _at + 1 < text.Length && ",= ".Contains(text[_at + 1])) _at++;
                name.Append(text[_at]);
            }

            return name.Length > 0 ? name.ToString() : throw new FormatException($"An empty name at {_at}.");
        }

        public object Value()
        {
            if (Skip('"')) return Quoted();
            var word = Until(", \n");
            return word.EndsWith('i')
                ? (object)long.Parse(word[..^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
                : double.Parse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture);
        }

        private string Quoted()
        {
            var value = new StringBuilder();
            while (!Skip('"'))
            {
                if (AtEnd) throw new FormatException("A text without an end.");
                if (text[_at] == '\\' && _at + 1 < text.Length && text[_at + 1] is '"' or '\\') _at++;
                value.Append(text[_at++]);
            }

            return value.ToString();
        }
    }
}
