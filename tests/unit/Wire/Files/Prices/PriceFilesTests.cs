using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire.Files.Prices;

public sealed class PriceFilesTests : IDisposable
{
    private const string Header = "tariff,valid_from,option,kva,period,eur_kwh,subscription_eur_month,feed_in_eur_kwh,vat,subscription_vat\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("grid-prices-").FullName;

    [Fact]
    public void A_version_of_a_price_list_is_made_of_one_row_for_each_price()
    {
        var tariffs = TariffFile.Read(Written(Header + "edf,2026-02-01,hphc,6,hp,0.2065,15.65,0.04,0.2,0.055\nedf,2026-02-01,hphc,6,hc,0.1579,15.65,0.04,0.2,0.055\nedf,2025-08-01,base,6,all,0.1952,15.4950,,0.2,0.2\n"));

        tariffs.Should().HaveCount(2);
        tariffs[0].Should().BeEquivalentTo(new Tariff(
            "edf", new(2026, 2, 1), TariffOption.PeakOffPeak, 6, 15.65m, new Dictionary<PricePeriod, decimal> { [PricePeriod.Peak] = 0.2065m, [PricePeriod.OffPeak] = 0.1579m }, 0.04m, 0.2m, 0.055m));
        tariffs[1].FeedInPerKwh.Should().BeNull();
    }

    [Theory]
    [InlineData("edf,2026-02-01,hphc,6,hp,0.2065,15.65,,0.2,0.2\n", "line 2, column period: edf of 2026-02-01 has no price for hc")]
    [InlineData("edf,2026-02-01,base,6,all,0.2,15,,0.2,0.2\nedf,2026-02-01,base,6,all,0.3,15,,0.2,0.2\n", "line 3, column period: all stands twice")]
    [InlineData("edf,2026-02-01,base,6,all,0.2,15,,0.2,0.2\nedf,2026-02-01,base,9,all,0.3,15,,0.2,0.2\n", "line 3: edf of 2026-02-01 says something else than in line 2")]
    [InlineData("edf,2026-02-01,base,6,hp,0.2,15,,0.2,0.2\n", "hp is none of base: it has all")]
    [InlineData("edf,2026-02-01,spot,6,all,0.2,15,,0.2,0.2\n", "'spot' is none of base, hphc, tempo")]
    [InlineData("edf,1.2.2026,base,6,all,0.2,15,,0.2,0.2\n", "'1.2.2026' is no day")]
    [InlineData("edf,2026-02-01,base,6,all,\"0,2\",15,,0.2,0.2\n", "'0,2' is no number of at most 6 decimals from 0 to 10")]
    [InlineData("edf,2026-02-01,base,6,all,-0.2,15,,0.2,0.2\n", "'-0.2' is no number")]
    [InlineData("edf,2026-02-01,base,6.5,all,0.2,15,,0.2,0.2\n", "'6.5' is no whole number from 1 to 250")]
    [InlineData("e d f,2026-02-01,base,6,all,0.2,15,,0.2,0.2\n", "'e d f' is no name")]
    [InlineData("", "it holds no rows")]
    public void A_price_that_cannot_be_meant_is_refused_with_its_place(string rows, string sentence)
    {
        var read = () => TariffFile.Read(Written(Header + rows));

        read.Should().Throw<FileFaultException>().Which.Message.Should().Contain(sentence);
    }

    [Fact]
    public void A_missing_or_unknown_column_is_named()
    {
        ((Action)(() => TempoFile.Read(Written("day\n2026-01-01\n")))).Should().Throw<FileFaultException>().Which.Message.Should().Contain("line 1, column colour: it is missing");
        ((Action)(() => TempoFile.Read(Written("day,colour,mood\n2026-01-01,red,bad\n")))).Should().Throw<FileFaultException>().Which.Message.Should().Contain("column mood: it is none of the file's");
    }

    [Fact]
    public void Colours_of_days_are_read_and_a_day_that_stands_twice_is_refused()
    {
        TempoFile.Read(Written("colour,day\nred,2026-01-15\nblue,2026-01-16\n")).Should().Equal(
            new Dictionary<LocalDate, TempoColour> { [new(2026, 1, 15)] = TempoColour.Red, [new(2026, 1, 16)] = TempoColour.Blue });
        ((Action)(() => TempoFile.Read(Written("day,colour\n2026-01-15,red\n2026-01-15,blue\n")))).Should().Throw<FileFaultException>().Which.Message.Should().Contain("2026-01-15 stands twice");
    }

    [Fact]
    public void A_contract_has_its_off_peak_hours_or_those_of_the_night()
    {
        var contracts = ContractFile.Read(Written("household,from,tariff,off_peak\nh-1,2026-02-01,edf,12:30-14:30 22:00-04:00\nh-2,2026-02-01,edf,\n"));

        contracts[0].OffPeak.ToString().Should().Be("12:30-14:30 22:00-04:00");
        contracts[0].OffPeak.Contains(new(2, 0)).Should().BeTrue();
        contracts[0].OffPeak.Contains(new(4, 0)).Should().BeFalse();
        contracts[1].OffPeak.Should().Be(OffPeakHours.Night);
        ContractFile.Read(Written("household,from,tariff\nh-1,2026-02-01,\n")).Should().ContainSingle().Which.Tariff.Should().BeEmpty("the contract before ends there");
    }

    [Fact]
    public void A_price_is_the_same_with_and_without_zeros_at_its_end() =>
        TariffFile.Read(Written(Header + "edf,2026-02-01,base,6,all,0.1940,15.00,,0.20,0.2\n"))[0].Should().Match<Tariff>(t =>
            FormattableString.Invariant($"{t.PerKwh[PricePeriod.All]} {t.SubscriptionPerMonth} {t.VatRate}") == "0.194 15 0.2");

    [Theory]
    [InlineData("h-1,2026-02-01,edf,22-6\n", "'22-6' are no hours")]
    [InlineData("h-1,2026-02-01,edf,22:00-06:00 x\n", "are no hours")]
    [InlineData("h-1,2026-02-01,edf,\nh-1,2026-02-01,other,\n", "h-1 has another contract from 2026-02-01")]
    public void A_contract_that_cannot_be_meant_is_refused(string rows, string sentence) =>
        ((Action)(() => ContractFile.Read(Written("household,from,tariff,off_peak\n" + rows)))).Should().Throw<FileFaultException>().Which.Message.Should().Contain(sentence);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Written(string text)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".csv");
        File.WriteAllText(path, text);
        return path;
    }
}
