using Grid.Analytics;
using Grid.Domain;

namespace Grid.UnitTests.Analytics.Privacy;

public class AudiencesTests
{
    private static readonly YearMonth October = new(2026, 10);
    private static readonly LocalDate First = new(2026, 10, 1), Next = new(2026, 11, 1);

    [Fact]
    public void What_everybody_is_shown_must_hold_for_residents_who_take_their_own_home_away()
    {
        Total(15).Hidden.Should().Be("too-few-homes");
        Total(16).Homes.Should().Be(15);
        Total(16, shared: [Home(0), Home(1)]).Hidden.Should().Be("too-few-homes");

        static ImportOfMany Total(int homes, params HouseholdId[] shared) => Month(Homes(homes), new([], shared.Length > 0 ? [shared.ToHashSet()] : [])).Month.Neighbourhood;
    }

    [Fact]
    public void What_everybody_is_shown_must_hold_beside_what_any_resident_was_shown()
    {
        var homes = Homes(50);
        ShownGroup Told(int of) => new(Home(7), new(ReleaseRule.Neighbours, homes.Select(h => h.Id).Where(h => h != Home(7)).Take(of).ToHashSet(), First, Next));

        Month(homes, new([Told(34)], [])).Month.Neighbourhood.Hidden.Should().BeNull("15 others stand beside the 34 and the resident");
        Month(homes, new([Told(35)], [])).Month.Neighbourhood.Hidden.Should().Be("could-be-subtracted");
        Month(homes, new([Told(49)], [])).Month.Neighbourhood.Hidden.Should().BeNull("the difference is their own");
    }

    [Fact]
    public void What_everybody_is_shown_must_hold_beside_what_operators_were_shown_and_arms_of_campaigns_are_no_sums()
    {
        var homes = Homes(50);
        ShownGroup Told(ShownTo to) => new(to, new(ReleaseRule.Totals, homes.Take(49).Select(h => h.Id).ToHashSet(), First, Next));

        Month(homes, new([Told(ShownTo.Operators)], [])).Month.Neighbourhood.Hidden.Should().Be("could-be-subtracted");
        Month(homes, new([Told(ShownTo.Treated), Told(ShownTo.Control), Told(ShownTo.Teams)], [])).Month.Neighbourhood.Hidden.Should().BeNull();
    }

    [Fact]
    public void An_account_with_two_homes_is_not_told_by_both_what_neither_tells()
    {
        var homes = Homes(60);
        HashSet<HouseholdId> first = [.. homes.Skip(2).Take(30).Select(h => h.Id)], second = [.. homes.Skip(2).Take(40).Select(h => h.Id)];
        ShownGroup told = new(Home(0), new(ReleaseRule.Neighbours, first, First, Next));

        Of(new Audiences([told], [])).Should().BeNull();
        Of(new Audiences([told], [new HashSet<HouseholdId> { Home(0), Home(1) }])).Should().Be(Suppression.CouldBeSubtracted);

        Suppression? Of(Audiences audiences) =>
            Release.Check(ReleaseRule.Neighbours, second.ToDictionary(h => h, _ => 1.0), First, Next, audiences.ForAll, audiences.Of(Home(1)));
    }

    [Fact]
    public void The_mean_and_the_total_tell_the_number_of_homes_as_rounded_as_it_is_said()
    {
        var (month, shown) = Month(Homes(29), new([], []));

        month.Neighbourhood.Should().Be(new ImportOfMany(25, 25 * 31 * 8_000, 31 * 8_000, null));
        shown.Should().NotBeEmpty().And.OnlyContain(s => s.Audience == ShownTo.Everybody && s.Group.Homes.Count == 29);
    }

    [Fact]
    public void Offices_and_homes_that_do_not_count_are_in_no_figure()
    {
        List<Household> homes = [.. Homes(20), new(HouseholdId.Parse("office"), "b", DwellingKind.Office, HeatingKind.Other, null, null)];

        var (_, shown) = NeighbourhoodMonth.Of(October, homes, homes.Where(h => h.Id != Home(3)).ToDictionary(h => h.Id, _ => 8_000L), new([], []));

        shown[0].Group.Homes.Should().BeEquivalentTo(homes.Take(20).Select(h => h.Id).Where(h => h != Home(3)));
    }

    private static (NeighbourhoodMonth Month, IReadOnlyList<ShownGroup> Shown) Month(IReadOnlyList<Household> homes, Audiences audiences) =>
        NeighbourhoodMonth.Of(October, homes, homes.ToDictionary(h => h.Id, _ => 8_000L), audiences);

    private static List<Household> Homes(int count) => [.. Enumerable.Range(0, count).Select(i => new Household(Home(i), "b", DwellingKind.Apartment, HeatingKind.Other, 60, 2))];

    private static HouseholdId Home(int number) => HouseholdId.Parse($"h-{number}");
}
