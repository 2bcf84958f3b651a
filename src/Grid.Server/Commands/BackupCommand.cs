using System.CommandLine;
using System.Text.Json;

namespace Grid.Server;

/// <summary>Journal, registry and readings into a folder and back, from and to whatever stores the configuration names.</summary>
internal static class BackupCommand
{
    public static Command CreateBackup()
    {
        var folder = new Argument<string>("folder") { Description = "A folder that is not there yet. It holds personal data: only its owner may read it." };
        var json = new Option<bool>("--json") { Description = "Print the manifest as JSON." };
        var backup = new Command("backup", "Copies this node's journal, the registry and all readings into a folder, also while the server runs, and reads it back.") { folder, json };
        backup.SetAction((parsed, ct) => Offline.RunAsync(async (services, options) =>
        {
            BackupFolder target = new(Named(parsed, folder));
            var manifest = await new Backup(services, options, target, new(TimeProvider.System)).RunAsync(ct);
            Print(parsed.GetValue(json), manifest, $"Backed up to {target.Path}");
            return 0;
        }, ct, prepare: false));
        return backup;
    }

    public static Command CreateRestore()
    {
        var folder = new Argument<string>("folder") { Description = "A backup's folder." };
        var json = new Option<bool>("--json") { Description = "Print the manifest as JSON." };
        var restore = new Command("restore", "Fills an empty installation from a backup and compares the totals. Server and stores may be others than those that were backed up; stop every node first.") { folder, json };
        restore.SetAction((parsed, ct) => Offline.RunAsync(async (services, options) =>
        {
            BackupFolder source = new(Named(parsed, folder));
            try
            {
                var manifest = await new Restore(services, options, source, new(TimeProvider.System)).RunAsync(ct);
                Print(parsed.GetValue(json), manifest, $"Restored from {source.Path}");
                return 0;
            }
            catch (RestoreDiffersException differs)
            {
                await Console.Error.WriteLineAsync(differs.Message);
                return 1;
            }
        }, ct, prepare: false));
        return restore;
    }

    private static string Named(ParseResult parsed, Argument<string> folder) =>
        parsed.GetRequiredValue(folder) is var path && !string.IsNullOrWhiteSpace(path) ? path : throw new UsageException($"{folder.Name}: it is empty: name a folder.");

    private static void Print(bool json, Manifest manifest, string done) => Console.WriteLine(json
        ? JsonSerializer.Serialize(manifest, Manifest.Form)
        : FormattableString.Invariant($"{done}: {manifest.Readings.Count:N0} readings of {manifest.Meters:N0} meters, {manifest.Tables.Values.Sum(t => t.Rows):N0} rows of the registry in {manifest.Tables.Count} tables, ")
            + (manifest.Journal is { } journal ? FormattableString.Invariant($"{journal.Items:N0} items in the journal. The totals agree.") : "no journal. The totals agree."));
}
