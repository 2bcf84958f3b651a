using System.Text;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Temperatures from files.</summary>
public sealed class WeatherCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-weather-").FullName;

    [Fact]
    public async Task Hours_and_local_days_are_imported_in_either_unit()
    {
        await using var grid = new ServedGrid();

        (await grid.CommandAsync("weather", "import", File("start,value\n2026-01-01T00:00:00Z,5\n2026-01-01T00:30:00Z,6\n2026-01-01T01:00:00+00:00,\n2026-01-01T02:00:00Z,7\n")))
            .Should().Match<(int ExitCode, string Output)>(r => r.ExitCode == 0 && r.Output.Contains("Imported 2 hours, from 2026-01-01T00:00:00Z to 2026-01-01T02:00:00Z.", StringComparison.Ordinal));
        var (exit, output) = await grid.CommandAsync("weather", "import", "--fahrenheit", File("day,mean\n2026-03-29,50\n"));
        exit.Should().Be(0, output);
        output.Should().Contain("Imported 23 hours, from 2026-03-28T23:00:00Z to 2026-03-29T21:00:00Z.");
    }

    [Theory]
    [InlineData("day,mean\n2026-03-29,77\n", "77 °C at 2026-03-28T23:00:00Z is nowhere")]
    [InlineData("day,mean\n2026-03-29,7\n2026-03-29,8\n", "line 3, column day: 2026-03-29 stands twice")]
    [InlineData("start,value\n2026-01-01T00:00:00,7\n", "says no offset from UTC")]
    [InlineData("start,value\n2026-01-01T00:00:00Z,\n", "has no temperature")]
    [InlineData("when,what\n", "the first line must be")]
    [InlineData("day_utc,mean,count\n2026-01-01,7,24\n", "these are means of UTC days: give hours, start,value, or local days, day,mean. Nothing was imported.")]
    public async Task A_file_that_cannot_be_meant_is_refused_whole(string text, string sentence)
    {
        await using var grid = new ServedGrid();

        var (exit, output) = await grid.CommandAsync("weather", "import", File(text));

        exit.Should().Be(2, output);
        output.Should().Contain(sentence);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File(string text)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".csv");
        System.IO.File.WriteAllText(path, text, Encoding.UTF8);
        return path;
    }
}
