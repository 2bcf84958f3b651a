using CsCheck;
using Grid.Domain;
using Grid.Ingest;

namespace Grid.UnitTests.Ingest;

public class GapWatchTests
{
    private static readonly Duration Window = Duration.FromSeconds(10);
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 24, 12, 0);
    private static readonly GatewayEpoch Epoch = new(GatewayName.Parse("gw-1"), 7);

    private readonly GapWatch _watch = new(Window);

    [Fact]
    public void Six_eight_seven_nine_is_no_gap()
    {
        Note("1-6", 0);
        Note("1-6,8", 1);
        Note("1-8", 2);
        Note("1-9", 3);

        var (noticed, ask) = _watch.Due(Noon + Window + Window);

        noticed.Should().BeEmpty();
        ask.Should().BeEmpty();
    }

    [Fact]
    public void A_hole_that_outlives_the_window_is_noticed_once_and_asked_for()
    {
        Note("1-6,8-9", 0);
        _watch.Due(Noon + Window - Duration.FromSeconds(1)).Noticed.Should().BeEmpty();

        var (noticed, ask) = _watch.Due(Noon + Window);

        noticed.Should().Equal(new Gap(Epoch.Gateway, 7, new(7, 7), Noon + Window));
        ask.Should().Equal((Epoch, new SequenceRange(7, 7)));
        _watch.Due(Noon + Window + Duration.FromSeconds(1)).Noticed.Should().BeEmpty();
        _watch.Open.Should().Be(1);
    }

    [Fact]
    public void It_is_asked_for_again_with_growing_pauses_and_only_what_is_still_missing()
    {
        Note("1-6,10", 0);
        _watch.Due(Noon + Window);
        Note("1-6,8,10", 12);

        _watch.Due(Noon + Window + Duration.FromSeconds(59)).Ask.Should().BeEmpty();
        _watch.Due(Noon + Window + Duration.FromSeconds(60)).Ask.Select(a => a.Numbers).Should().Equal(new SequenceRange(7, 7), new SequenceRange(9, 9));
        _watch.Due(Noon + Window + Duration.FromSeconds(179)).Ask.Should().BeEmpty();
        _watch.Due(Noon + Window + Duration.FromSeconds(180)).Ask.Should().HaveCount(2);
    }

    [Fact]
    public void A_gateway_that_makes_up_epochs_is_watched_in_the_newest_of_them()
    {
        List<Gap> ended = [];
        for (var epoch = 1; epoch <= 100; epoch++)
        {
            ended.AddRange(_watch.Note(Epoch with { Epoch = epoch }, SequenceSet.Parse("2"), Noon, []));
            _watch.Due(Noon + Window);
        }

        _watch.Open.Should().Be(64);
        ended.Select(g => (g.Epoch, g.End)).Should().Equal(Enumerable.Range(1, 36).Select(e => ((long)e, (GapEnd?)GapEnd.Lost)));
    }

    [Fact]
    public void A_gap_that_is_filled_ends_so()
    {
        Note("1-6,9", 0);
        _watch.Due(Noon + Window);
        Note("1-7,9", 11).Should().BeEmpty();

        Note("1-9", 20).Should().Equal(new Gap(Epoch.Gateway, 7, new(7, 8), Noon + Window, GapEnd.Filled, Noon + Duration.FromSeconds(20)));
        _watch.Open.Should().Be(0);
    }

    [Fact]
    public void A_gap_that_the_gateway_declares_lost_ends_as_lost()
    {
        Note("1-6,9", 0);
        _watch.Due(Noon + Window);

        Note("1-10", 20, new SequenceRange(7, 8)).Should().ContainSingle().Which.End.Should().Be(GapEnd.Lost);
    }

    [Fact]
    public void A_gap_of_an_earlier_process_is_ended_by_this_one()
    {
        _watch.Resume([new(Epoch.Gateway, 7, new(7, 8), Noon)]);
        Note("1-6,9", 5);
        _watch.Due(Noon + Window + Window).Noticed.Should().BeEmpty();

        Note("1-9", 30).Should().ContainSingle().Which.NoticedAt.Should().Be(Noon);
    }

    [Fact]
    public void Whatever_is_missing_at_the_end_is_in_a_gap_and_nothing_else_is() =>
        Gen.Int[1, 40].Array[1, 60].Sample(numbers =>
        {
            var watch = new GapWatch(Window);
            var set = SequenceSet.Empty;
            foreach (var (i, number) in numbers.Index())
            {
                set = set.With(number);
                watch.Note(Epoch, set, Noon + Duration.FromSeconds(i), []);
            }

            var (noticed, ask) = watch.Due(Noon + Duration.FromHours(1));

            noticed.Select(g => g.Missing).Should().Equal(set.Holes);
            ask.Select(a => a.Numbers).Should().Equal(set.Holes);
        });

    private IReadOnlyList<Gap> Note(string stored, int second, params SequenceRange[] lost) =>
        _watch.Note(Epoch, SequenceSet.Parse(stored), Noon + Duration.FromSeconds(second), lost);
}
