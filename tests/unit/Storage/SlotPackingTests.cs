using System.Collections.Immutable;
using CsCheck;
using Grid.Domain;
using Grid.Storage;

namespace Grid.UnitTests.Storage;

public class SlotPackingTests
{
    private static readonly Gen<long?> Wh = Gen.OneOf(Gen.Const((long?)null), Gen.Long[0, Registers.MaxWh].Select(wh => (long?)wh));

    [Fact]
    public void A_packed_day_is_unpacked_the_same() =>
        Gen.Select(Wh, Wh, Gen.Enum<Quality>(), (import, export, quality) => new SlotEnergy(import, export, quality)).Array[0, 50]
            .Sample(slots => SlotPacking.Unpack(SlotPacking.Pack([.. slots])).Should().Equal(slots));

    [Fact]
    public void A_usual_day_takes_less_than_200_bytes() =>
        SlotPacking.Pack([.. Enumerable.Repeat(new SlotEnergy(350, null, Quality.Measured), 48)]).Length.Should().BeLessThan(200);

    [Fact]
    public void A_day_of_another_version_is_refused()
    {
        var act = () => SlotPacking.Unpack([9, 0]);

        act.Should().Throw<InvalidDataException>().WithMessage("*version 9*");
    }
}
