using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics;

/// <summary>METHOD.md rules 2.1 and 2.5.</summary>
public class CohortTests
{
    private static readonly Household Home = Apartment("own");

    [Fact]
    public void Twenty_homes_alike_in_the_building_are_enough()
    {
        var cohort = Of([.. Many(20, i => Apartment($"near-{i}")), .. Many(200, i => Apartment($"far-{i}") with { Building = "other" })]);

        cohort.Reach.Should().Be(CohortReach.Building);
        cohort.Members.Should().HaveCount(20).And.OnlyContain(m => m.StartsWith("near"));
    }

    [Fact]
    public void With_fewer_the_whole_neighbourhood_is_asked_and_the_hundred_nearest_are_taken()
    {
        var cohort = Of([.. Many(19, i => Apartment($"near-{i}")), .. Many(200, i => Apartment($"far-{i:000}") with { Building = "other", AreaM2 = 50 + (i / 20) })]);

        cohort.Reach.Should().Be(CohortReach.Neighbourhood);
        cohort.Members.Should().HaveCount(100);
        cohort.Members.Count(m => m.StartsWith("near", StringComparison.Ordinal)).Should().Be(19);
        cohort.Members.Should().Contain("far-000").And.NotContain("far-199");
    }

    [Fact]
    public void Fourteen_are_too_few() => Of(Many(14, i => Apartment($"h-{i}"))).Should().BeEquivalentTo(new { Hidden = NeighbourComparison.TooFewHomes, Members = Array.Empty<string>() });

    [Fact]
    public void Another_kind_of_home_is_not_like_it_and_what_is_not_known_parts_nobody()
    {
        Household[] unlike =
        [
            Apartment("a") with { Heating = HeatingKind.Other }, Apartment("b") with { Dwelling = DwellingKind.House }, Apartment("c") with { AreaM2 = 63 },
            Apartment("d") with { Occupants = 4 },
        ];
        Household[] like = [Apartment("e") with { AreaM2 = 62 }, Apartment("f") with { Occupants = 3 }, Apartment("g") with { AreaM2 = null, Occupants = null }];

        Of([.. Many(20, i => Apartment($"h-{i}")), .. unlike, .. like]).Members.Should().Contain(["e", "f", "g"]).And.NotContain(["own", "a", "b", "c", "d"]);
    }

    [Fact]
    public void With_too_few_of_its_size_occupants_and_then_area_are_passed_over_but_never_dwelling_and_heating()
    {
        Of([.. Many(19, i => Apartment($"h-{i}")), Apartment("crowded") with { Occupants = 6 }]).Should().BeEquivalentTo(new { Reach = CohortReach.AnyOccupants, Hidden = (string?)null });
        Of([.. Many(14, i => Apartment($"h-{i}")), Apartment("large") with { AreaM2 = 120 }]).Should().BeEquivalentTo(new { Reach = CohortReach.AnyArea, Hidden = (string?)null });
        Of([.. Many(14, i => Apartment($"h-{i}")), Apartment("house") with { Dwelling = DwellingKind.House }]).Hidden.Should().Be(NeighbourComparison.TooFewHomes);
    }

    [Fact]
    public void It_stands_until_more_than_a_fifth_has_left()
    {
        var others = Many(20, i => Apartment($"h-{i}"));
        var cohort = Of(others);

        cohort.IsWornOut(others.Skip(4).Select(h => h.Id).ToHashSet()).Should().BeFalse();
        cohort.IsWornOut(others.Skip(5).Select(h => h.Id).ToHashSet()).Should().BeTrue();
        Cohort.FromJson(cohort.ToJson()).Should().BeEquivalentTo(cohort);
    }

    private static Cohort Of(Household[] others) => Cohort.Of(Home, [Home, .. others], 2026);

    private static Household[] Many(int count, Func<int, Household> home) => [.. Enumerable.Range(0, count).Select(home)];

    private static Household Apartment(string id) => new(HouseholdId.Parse(id), "b", DwellingKind.Apartment, HeatingKind.Electric, 50, 2);
}
