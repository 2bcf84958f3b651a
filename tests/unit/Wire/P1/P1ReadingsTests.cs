using System.Text;
using CsCheck;
using Grid.Domain;
using Grid.Wire;

namespace Grid.UnitTests.Wire.P1;

public class P1ReadingsTests
{
    private const string Body =
        """
        /GRD5\2GRID

        1-3:0.2.8(50)
        0-0:1.0.0(261124130000W)
        0-0:96.1.1(4530303033)
        1-0:1.8.1(004100.200*kWh)
        1-0:1.8.2(006134.367*kWh)
        1-0:2.8.1(000001.000*kWh)
        1-0:2.8.2(000002.345*kWh)
        0-0:96.14.0(0002)
        1-0:1.7.0(01.193*kW)
        1-0:2.7.0(00.000*kW)
        1-0:99.97.0(2)(0-0:96.7.19)(101208152415W)(0000000240*s)
        1-0:32.7.0(220.1*V)
        0-1:96.1.0(3232323241424344)
        !
        """;

    private static readonly Instant Now = Instant.FromUtc(2026, 11, 24, 12, 0, 30);
    private static readonly Reading Truth = new(
        MeterName.Parse("E0003"), Instant.FromUtc(2026, 11, 24, 12, 0), new(10_234_567, 3_345, new([("t1", 4_100_200), ("t2", 6_134_367)])), 1193, 220.1);

    [Fact]
    public void A_telegram_is_one_reading_to_the_watt_hour()
    {
        var decoded = Decode(Signed(Body));

        (decoded.Fault, decoded.Faulty.Count, decoded.DroppedGroups, decoded.Epoch, decoded.Seq).Should().Be((null, 0, 0, 3L, 14L));
        decoded.Readings.Should().Equal(Truth);
    }

    [Fact]
    public void The_checksum_is_CRC_16_ARC() => Decode("/x5\r\n\r\n!" + Crc("/x5\r\n\r\n!")).Fault.Should().BeNull();

    [Theory]
    [InlineData("123456789", 0xBB3D)]
    [InlineData("", 0)]
    public void Its_check_value_is_the_published_one(string text, int crc) => Reference(Encoding.ASCII.GetBytes(text)).Should().Be((ushort)crc);

    [Fact]
    public void A_checksum_need_not_be_padded_with_zeros()
    {
        var text = Enumerable.Range(0, 10_000).Select(i => Lines(Body).Replace("96.14.0(0002)", $"96.14.0({i})", StringComparison.Ordinal))
            .First(t => Crc(t).StartsWith("00", StringComparison.Ordinal));

        Decode(text + Crc(text).TrimStart('0') + "\r\n").Readings.Should().Equal(Truth);
        Decode(text + Crc(text) + "\r\n").Readings.Should().Equal(Truth);
    }

    [Fact]
    public void An_early_version_has_no_checksum_and_no_clock()
    {
        var early = Lines(Body.Replace("1-3:0.2.8(50)\n", "", StringComparison.Ordinal).Replace("0-0:1.0.0(261124130000W)\n", "", StringComparison.Ordinal)
            .Replace("0-1:96.1.0(3232323241424344)", "0-1:24.3.0(121030140000)(00)(60)(1)(0-1:24.2.1)(m3)\n(00024.123)", StringComparison.Ordinal));

        Decode(early + "\r\n").Readings.Should().Equal(Truth with { At = Now });
        P1Readings.Decode(Encoding.ASCII.GetBytes(early), new(null, null, Now - Duration.FromHours(1)), Now).Readings.Should().Equal(Truth with { At = Now - Duration.FromHours(1) });
    }

    [Fact]
    public void A_late_version_without_its_checksum_is_refused() => Decode(Lines(Body) + "\r\n").Fault!.Reason.Should().Be(Reason.BadChecksum);

    [Theory]
    [InlineData("", Reason.Malformed)]
    [InlineData("1-0:1.8.1(004100.200*kWh)", Reason.Malformed)]
    [InlineData("/GRD5\r\n\r\n1-0:1.8.0(1*kWh)\r\n", Reason.Malformed)]
    [InlineData("/GRD5\r\n1-0:1.8.0(1*kWh)\r\n!\r\n", Reason.Malformed)]
    [InlineData("/GRD5\r\n\r\n1-0:1.8.0(1*kWh)!\r\n", Reason.Malformed)]
    [InlineData("/GRD5\r\n\r\n!12345\r\n", Reason.Malformed)]
    [InlineData("/GRD5\r\n\r\n!1a2b\r\n", Reason.Malformed)]
    [InlineData("/GRD5\r\n\r\n! 123\r\n", Reason.Malformed)]
    [InlineData("/GRD5\r\n\r\n!\r\n/GRD5\r\n\r\n!\r\n", Reason.Malformed)]
    [InlineData("/GRD5\u00e9\r\n\r\n!\r\n", Reason.Malformed)]
    [InlineData("/GRD5\r\n\r\n!FFFF\r\n", Reason.BadChecksum)]
    public void A_fault_of_the_telegram_refuses_the_message(string telegram, Reason reason)
    {
        var decoded = Decode(telegram);

        decoded.Fault!.Reason.Should().Be(reason);
        decoded.Readings.Should().BeEmpty();
        decoded.Seq.Should().Be(14);
    }

    [Theory]
    [InlineData("0-0:96.1.1(4530303033)\n", "", Reason.NoIndex)]
    [InlineData("(4530303033)", "(453030303)", Reason.NoIndex)]
    [InlineData("(4530303033)", "(45 0303033)", Reason.NoIndex)]
    [InlineData("(4530303033)", "()", Reason.NoIndex)]
    [InlineData("(4530303033)", "(2C0A3D)", Reason.NoIndex)]
    [InlineData("1-0:1.8.1(004100.200*kWh)\n", "", Reason.NoIndex)]
    [InlineData("1-0:1.8.2(006134.367*kWh)\n", "", Reason.NoIndex)]
    [InlineData("1-0:1.8.2(006134.367*kWh)\n", "1-0:1.8.2(006134.367*kWh)\n1-0:1.8.3(000001.000*kWh)\n", Reason.NoIndex)]
    [InlineData("004100.200*kWh", "004100.2001*kWh", Reason.BadValue)]
    [InlineData("004100.200*kWh", "-04100.200*kWh", Reason.BadValue)]
    [InlineData("004100.200*kWh", "004100,200*kWh", Reason.BadValue)]
    [InlineData("004100.200*kWh", "004100.200*Wh", Reason.BadValue)]
    [InlineData("004100.200*kWh", "004100.200", Reason.BadValue)]
    [InlineData("004100.200*kWh", "9999999999999.000*kWh", Reason.BadValue)]
    [InlineData("004100.200*kWh", "1e3*kWh", Reason.BadValue)]
    [InlineData("01.193*kW", "9999999.000*kW", Reason.BadValue)]
    [InlineData("220.1*V", "220.1*A", Reason.BadValue)]
    [InlineData("261124130000W", "261124130000", Reason.BadValue)]
    [InlineData("261124130000W", "261324130000W", Reason.BadValue)]
    [InlineData("261124130000W", "261124235960W", Reason.BadValue)]
    [InlineData("0-0:1.0.0(261124130000W)\n", "0-0:1.0.0(261124130000W)\n0-0:1.0.0(261124130000W)\n", Reason.DuplicateMember)]
    public void A_fault_of_its_reading_is_told_with_what_is_known(string from, string to, Reason reason)
    {
        Body.Should().Contain(from);
        var telegram = Signed(Body.Replace(from, to, StringComparison.Ordinal));

        var decoded = Decode(telegram);

        decoded.Fault.Should().BeNull();
        var faulty = decoded.Faulty.Should().ContainSingle().Subject;
        (faulty.Fault.Reason, faulty.From, faulty.Length).Should().Be((reason, 0, telegram.Length));
    }

    [Fact]
    public void A_total_is_taken_before_its_parts() =>
        Decode(Signed(Body.Replace("1-0:2.8.1(", "1-0:1.8.0(010234.568*kWh)\n1-0:2.8.0(000003.346*kWh)\n1-0:2.8.1(", StringComparison.Ordinal))).Readings
            .Should().Equal(Truth with { Registers = Truth.Registers with { ImportWh = 10_234_568, ExportWh = 3_346 } });

    [Fact]
    public void Half_of_an_export_is_none()
    {
        var decoded = Decode(Signed(Body.Replace("1-0:2.8.2(000002.345*kWh)\n", "", StringComparison.Ordinal)));

        decoded.Readings.Should().Equal(Truth with { Registers = Truth.Registers with { ExportWh = null } });
        decoded.DroppedGroups.Should().Be(1);
    }

    [Fact]
    public void The_hour_that_comes_twice_is_settled_by_its_season()
    {
        Instant At(string stamp) => Decode(Signed(Body.Replace("261124130000W", stamp, StringComparison.Ordinal))).Readings[0].At;

        At("261025023000S").Should().Be(Instant.FromUtc(2026, 10, 25, 0, 30));
        At("261025023000W").Should().Be(Instant.FromUtc(2026, 10, 25, 1, 30));
    }

    [Fact]
    public void Every_flipped_bit_is_seen()
    {
        var telegram = Encoding.ASCII.GetBytes(Signed(Body));
        for (var bit = 0; bit < telegram.Length * 8; bit++)
        {
            var decoded = P1Readings.Decode(Tic.Damage.Flipped(telegram, bit), default, Now);

            decoded.Fault.Should().NotBeNull($"bit {bit % 8} of byte {bit / 8}");
            decoded.Fault!.Reason.Should().BeOneOf(Reason.BadChecksum, Reason.Malformed);
        }
    }

    [Fact]
    public void A_telegram_cut_anywhere_is_refused()
    {
        var telegram = Encoding.ASCII.GetBytes(Signed(Body));
        for (var length = 0; length < telegram.Length - 2; length++) // the last line break may be missing
            P1Readings.Decode(telegram.AsSpan(..length), default, Now).Fault!.Reason.Should().BeOneOf(Reason.BadChecksum, Reason.Malformed);
    }

    [Fact]
    public void What_is_written_is_read_the_same() =>
        Gen.Select(
            Gen.Long[946_684_800, 4_102_000_000], Gen.Long[0, Registers.MaxWh], Gen.Long[0, Registers.MaxWh].Nullable(), Gen.Long[0, 999_999_999].Array[2], Gen.Bool, Gen.Int[-99_999, 99_999].Nullable(), Gen.Int[0, 4_000].Nullable())
            .Sample((at, import, export, whs, split, power, decivolts) =>
            {
                var tariffs = split ? new TariffRegisters([("t1", whs[0]), ("t2", whs[1])]) : null;
                var reading = new Reading(MeterName.Parse("E_0-3"), Instant.FromUnixTimeSeconds(at), new(import, export, tariffs), power, decivolts / 10.0);

                P1Readings.Decode(P1Readings.Encode(reading), default, Now).Readings.Should().Equal(reading);
            });

    [Fact]
    public void What_a_telegram_cannot_say_is_not_written()
    {
        Reading[] readings =
        [
            Truth with { PowerW = 0.5 }, Truth with { VoltageV = 230.12 }, Truth with { At = Instant.FromUnixTimeMilliseconds(1_700_000_000_123) },
            Truth with { Registers = new(1, null, new([("hc", 1)])) }, Truth with { At = Instant.FromUtc(1999, 1, 1, 0, 0) },
        ];

        foreach (var reading in readings) FluentActions.Invoking(() => P1Readings.Encode(reading)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void No_bytes_make_it_throw() => Gen.Select(Gen.Byte.Array[0, 60], Gen.Int[0, 400], Gen.Bool).Sample((noise, at, early) =>
    {
        var bytes = Encoding.ASCII.GetBytes(early ? Lines(Body.Replace("1-3:0.2.8(50)\n", "", StringComparison.Ordinal)) : Signed(Body));
        if (early) noise = [.. noise.Select(b => (byte)(0x20 + (b % 0x5F)))];
        noise.CopyTo(bytes.AsSpan(Math.Min(at, bytes.Length - noise.Length)));

        foreach (var payload in (byte[][])[noise, bytes])
        {
            var decoded = P1Readings.Decode(payload, default, Now);
            (decoded.Fault is null ? decoded.Readings.Count + decoded.Faulty.Count == 1 : decoded.Readings.Count + decoded.Faulty.Count == 0).Should().BeTrue();
        }
    });

    private static DecodedReadings Decode(string telegram) => P1Readings.Decode(Encoding.Latin1.GetBytes(telegram), new(3, 14, null), Now);

    private static string Lines(string body) => body.ReplaceLineEndings("\r\n");

    private static string Signed(string body) => Lines(body) + Crc(Lines(body)) + "\r\n";

    private static string Crc(string text) => $"{Reference(Encoding.ASCII.GetBytes(text)):X4}";

    // Bit by bit, the other way round than the product does it: the polynomial 0x8005 over reflected bytes.
    private static ushort Reference(byte[] bytes)
    {
        var register = 0;
        foreach (var b in bytes)
        {
            for (var i = 0; i < 8; i++)
            {
                var top = (register >> 15) ^ ((b >> i) & 1);
                register = ((register << 1) & 0xFFFF) ^ (top == 1 ? 0x8005 : 0);
            }
        }

        var reflected = 0;
        for (var i = 0; i < 16; i++) reflected |= ((register >> i) & 1) << (15 - i);
        return (ushort)reflected;
    }
}
