using System.Text;

namespace Grid.IntegrationTests.Pipeline;

/// <summary>Price lists, Tempo's days, contracts and carbon intensity from files.</summary>
public sealed class PricesCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-prices-").FullName;

    [Fact]
    public async Task The_template_is_a_file_that_can_be_imported_and_contracts_by_it_are_taken()
    {
        await using var grid = new ServedGrid();
        await RunAsync(grid, 0, "Imported", "registry", "import", File(
            "neighbourhood,time_zone,building,household,dwelling,heating,meter,meter_kind,gateway,installed_from\nIssy,Europe/Paris,A,h-1,apartment,electric,m-1,main,gw-1,2024-01-01T00:00:00Z\n"));
        var (_, template) = await grid.CommandAsync("tariffs", "template");

        await RunAsync(grid, 0, "There is no price list tarif-bleu-base-6 yet", "tariffs", "contracts", File("household,from,tariff\nh-1,2026-02-01,tarif-bleu-base-6\n"));
        await RunAsync(grid, 0, "Imported 11 versions of 5 price lists.", "tariffs", "import", File(template));
        await RunAsync(grid, 0, "Imported 2 contracts of 1 household.", "tariffs", "contracts", File("household,from,tariff,off_peak\nh-1,2026-02-01,tarif-bleu-base-6,\nh-1,2026-03-01,tarif-bleu-hphc-6,23:00-07:00\n"));
        await RunAsync(grid, 2, "The registry has no household h-2: import it first. Nothing was imported.", "tariffs", "contracts", File("household,from,tariff\nh-2,2026-02-01,tarif-bleu-base-6\n"));
        await RunAsync(grid, 0, "Imported 2 days, from 2026-01-15 to 2026-01-16.", "tariffs", "tempo", File("day,colour\n2026-01-15,red\n2026-01-16,blue\n"));
        await RunAsync(grid, 2, "line 2, column colour: 'bleu' is none of blue, white, red", "tariffs", "tempo", File("day,colour\n2026-01-15,bleu\n"));
    }

    [Fact]
    public async Task Carbon_intensity_is_averaged_by_the_hour_and_stays_of_one_kind()
    {
        await using var grid = new ServedGrid();

        await RunAsync(grid, 0, "Imported 1 hour, from 2026-01-01T00:00:00Z", "carbon", "import", File("start,value\n2026-01-01T00:00:00Z,20\n2026-01-01T00:15:00Z,24\n"));
        await RunAsync(grid, 2, "another kind than life-cycle", "carbon", "import", "--kind", "life-cycle", File("start,value\n2026-01-01T01:00:00Z,60\n"));
        await RunAsync(grid, 2, "21000 g/kWh at 2026-01-01T00:00:00Z is not between 0 and 2000", "carbon", "import", File("start,value\n2026-01-01T00:00:00Z,21000\n"));
        await RunAsync(grid, 2, "no hour has 1 g/kWh or more. Are these kilograms?", "carbon", "import", File("start,value\n2026-01-01T00:00:00Z,0.056\n"));
        await RunAsync(grid, 2, "There is no file", "carbon", "import", Path.Combine(_folder, "absent.csv"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task RunAsync(ServedGrid grid, int code, string said, params string[] command)
    {
        var (exit, output) = await grid.CommandAsync(command);
        exit.Should().Be(code, output);
        output.Should().Contain(said);
    }

    private string File(string text)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".csv");
        System.IO.File.WriteAllText(path, text, Encoding.UTF8);
        return path;
    }
}
