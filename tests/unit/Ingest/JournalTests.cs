using Grid.Domain;
using Grid.Ingest;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Grid.UnitTests.Ingest;

public sealed class JournalTests : IDisposable
{
    private const int Page = 16_384;

    private readonly string _directory = Directory.CreateTempSubdirectory("grid-journal-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_directory, "journal.db");

    [Fact]
    public async Task What_was_committed_is_there_for_the_next_process()
    {
        await using (var journal = Open()) await Task.WhenAll(await OfferAsync(journal, 1), await OfferAsync(journal, 2), await OfferAsync(journal, 3));

        await using var next = Open();

        next.PendingItems.Should().Be(3);
        (await next.ReadAsync(0, 100, Stop)).SelectMany(g => g.Entries).Select(e => e.Seq).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task An_offer_does_not_end_before_its_group_is_on_disk()
    {
        await using var journal = Open();
        await using var file = new SqliteConnection($"Data Source={File};Pooling=False");
        await file.OpenAsync(Stop);
        await using (await file.BeginTransactionAsync(Stop)) // nobody else can commit meanwhile
        {
            var committed = await OfferAsync(journal, 1);
            var early = () => committed.WaitAsync(TimeSpan.FromMilliseconds(300), Stop);
            await early.Should().ThrowAsync<TimeoutException>();
        }

        await await OfferAsync(journal, 2);
        (await journal.ReadAsync(0, 100, Stop)).Sum(g => g.Entries.Count).Should().Be(2);
    }

    [Fact]
    public async Task What_was_settled_is_forgotten_and_its_number_is_never_used_again()
    {
        long settled;
        await using (var journal = Open())
        {
            await await OfferAsync(journal, 1);
            settled = (await journal.ReadAsync(0, 100, Stop))[^1].Number;
            journal.Settled(settled, 1);
        }

        await using var next = Open();
        next.PendingItems.Should().Be(0);
        await await OfferAsync(next, 2);

        var group = (await next.ReadAsync(0, 100, Stop)).Should().ContainSingle().Subject;
        group.Number.Should().BeGreaterThan(settled);
        group.Entries.Single().Seq.Should().Be(2);
    }

    [Fact]
    public async Task A_reader_that_waits_is_woken_by_the_next_commit()
    {
        await using var journal = Open();
        var waiting = journal.ReadAsync(0, 100, Stop);
        waiting.IsCompleted.Should().BeFalse();

        await await OfferAsync(journal, 7);

        (await waiting).Single().Entries.Single().Seq.Should().Be(7);
    }

    [Fact]
    public async Task At_its_bound_in_bytes_it_takes_nothing_more_and_says_which_key()
    {
        await using var journal = Open(new() { JournalMaxBytes = 1 });

        var act = async () => await await OfferAsync(journal, 1);

        await act.Should().ThrowAsync<JournalFullException>().WithMessage("*Grid:Ingest:JournalMaxBytes*");
        journal.PendingItems.Should().Be(0);
    }

    [Fact]
    public async Task A_full_journal_takes_again_once_all_is_settled_however_many_wait()
    {
        await using var journal = Open(new() { JournalMaxBytes = 1 << 20 });
        while (await TakesAsync(journal, 1)) Stop.ThrowIfCancellationRequested();
        var groups = await journal.ReadAsync(0, 1_000_000, Stop);
        journal.Settled(groups[^1].Number, groups.Sum(g => g.Entries.Count));

        (await TakesAsync(journal, 2)).Should().BeTrue();
    }

    [Fact]
    public async Task Entries_without_items_are_bounded_too_when_they_are_read()
    {
        await using var journal = Open();
        var nothing = new JournalEntry(GatewayName.Parse("gw-1"), Instant.FromUtc(2026, 11, 24, 12, 0), 1, 1, [], null, []);
        List<Task> all = [];
        for (var i = 0; i < 20_000; i++) all.Add(await OfferEntryAsync(journal, nothing));
        await Task.WhenAll(all);

        (await journal.ReadAsync(0, 1_000, Stop)).Sum(g => g.Entries.Count).Should().BeLessThan(5_000);
    }

    [Fact]
    public async Task At_its_bound_in_age_it_takes_nothing_more_until_it_is_settled()
    {
        await using var journal = Open(new() { JournalMaxAge = TimeSpan.FromHours(1) });
        await await OfferAsync(journal, 1);
        _clock.Advance(TimeSpan.FromHours(1.1));
        var act = async () => await await OfferAsync(journal, 2);
        await act.Should().ThrowAsync<JournalFullException>().WithMessage("*Grid:Ingest:JournalMaxAge*");

        journal.Settled((await journal.ReadAsync(0, 100, Stop))[^1].Number, 1);
        await journal.TrimmedAsync();

        await await OfferAsync(journal, 2);
    }

    [Fact]
    public async Task A_damaged_group_is_set_aside_and_those_after_it_are_read()
    {
        await using (var journal = Open())
        {
            await await OfferAsync(journal, 1);
            await await OfferAsync(journal, 2);
        }

        await RunAsync("UPDATE groups SET body = x'010000' WHERE number = 1");

        await using var next = Open();
        (await next.ReadAsync(0, 100, Stop)).SelectMany(g => g.Entries).Select(e => e.Seq).Should().Equal(2);

        next.PendingItems.Should().Be(1);
    }

    [Fact]
    public async Task A_group_that_a_newer_release_wrote_is_set_aside_and_those_after_it_are_read()
    {
        await using (var journal = Open())
        {
            await await OfferAsync(journal, 1);
            await await OfferAsync(journal, 2);
        }

        var checksum = unchecked((long)System.IO.Hashing.XxHash3.HashToUInt64([99, 0]));
        await RunAsync($"UPDATE groups SET body = x'6300', checksum = {checksum} WHERE number = 1");

        await using var next = Open();

        (await next.ReadAsync(0, 100, Stop)).SelectMany(g => g.Entries).Select(e => e.Seq).Should().Equal(2);
    }

    [Fact]
    public async Task What_was_set_aside_days_ago_keeps_nothing_new_from_being_taken()
    {
        await using (var journal = Open())
        {
            await await OfferAsync(journal, 1);
            journal.SetAside((await journal.ReadAsync(0, 100, Stop))[0]);
        }

        _clock.Advance(TimeSpan.FromDays(30));
        await using var next = Open();

        await await OfferAsync(next, 2);

        next.PendingItems.Should().Be(2);
    }

    [Fact]
    public async Task What_lies_before_a_page_that_the_disk_has_lost_is_read()
    {
        await using (var journal = Open())
            for (var seq = 1; seq <= 12; seq++) (await TakesAsync(journal, seq)).Should().BeTrue();
        await LoseAsync(length => length - Page); // the newest

        await using var next = Open();
        var groups = await next.ReadAsync(0, 100, Stop);

        groups.SelectMany(g => g.Entries).Select(e => e.Seq!.Value).Should().Equal(Enumerable.Range(1, groups.Count).Select(s => (long)s));
        groups.Count.Should().BeInRange(1, 11);
        next.Unreadable.Should().BeNull();
        await FluentActions.Awaiting(() => next.ReadAsync(groups[^1].Number, 100, Stop)).Should().ThrowAsync<SqliteException>();
        (await HealthOf(next)).Should().Be(HealthStatus.Degraded);
    }

    [Fact]
    public async Task A_journal_that_has_lost_its_first_groups_takes_new_ones_and_says_that_it_cannot_be_read()
    {
        await using (var journal = Open())
            for (var seq = 1; seq <= 12; seq++) (await TakesAsync(journal, seq, seq == 1 ? "gw-the-first" : "gw-1")).Should().BeTrue();
        var leaf = LeafWith("gw-the-first"u8);
        await LoseAsync(_ => leaf);

        await using var next = Open();

        (await TakesAsync(next, 13)).Should().BeTrue();
        await FluentActions.Awaiting(() => next.ReadAsync(0, 100, Stop)).Should().ThrowAsync<SqliteException>();
        (await HealthOf(next)).Should().Be(HealthStatus.Degraded);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Journal Open(IngestOptions? options = null) => new(File, options ?? new(), Instruments.Metrics(), _clock, NullLogger<Journal>.Instance);

    private static async Task<HealthStatus> HealthOf(Journal journal) => (await new IngestState(journal, new(new())).CheckHealthAsync(new(), Stop)).Status;

    // Pages further up may still have the bytes, in what is free of them.
    private long LeafWith(ReadOnlySpan<byte> text)
    {
        const byte leafOfTable = 0x0D;
        ReadOnlySpan<byte> file = System.IO.File.ReadAllBytes(File);
        for (var at = 0; at < file.Length; at += Page)
            if (file[at] == leafOfTable && file.Slice(at, Page).IndexOf(text) >= 0) return at;
        throw new InvalidOperationException("No leaf has it.");
    }

    /// <summary>One page of the file becomes rubbish.</summary>
    private async Task LoseAsync(Func<long, long> position)
    {
        await using var file = System.IO.File.OpenWrite(File);
        file.Position = position(file.Length);
        await file.WriteAsync(Enumerable.Repeat((byte)0xFF, Page).ToArray(), Stop);
    }

    private async Task RunAsync(string sql)
    {
        await using SqliteConnection file = new($"Data Source={File};Pooling=False");
        await file.OpenAsync(Stop);
        await using var command = file.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Stop);
    }

    private static async Task<bool> TakesAsync(Journal journal, long seq, string name = "gw-1")
    {
        var at = Instant.FromUtc(2026, 11, 24, 12, 0);
        var gateway = GatewayName.Parse(name);
        var large = new QuarantinedItem("id", at, gateway, "t", null, null, Reason.Malformed, "", "", new byte[4096]);
        try
        {
            await await OfferEntryAsync(journal, new(gateway, at, 1, seq, [], null, [large]));
            return true;
        }
        catch (JournalFullException)
        {
            return false;
        }
    }

    private static ValueTask<Task> OfferAsync(Journal journal, long seq)
    {
        var at = Instant.FromUtc(2026, 11, 24, 12, 0);
        return OfferEntryAsync(journal, new(GatewayName.Parse("gw-1"), at, 1, seq, [new(MeterName.Parse("m"), at, new(seq))], null, []));
    }

    /// <returns>Once it is in the queue, the task of its commit.</returns>
    private static async ValueTask<Task> OfferEntryAsync(Journal journal, JournalEntry entry)
    {
        AwaitedReceipt receipt = new();
        await journal.OfferAsync(entry, receipt, Stop);
        return receipt.Task;
    }
}
