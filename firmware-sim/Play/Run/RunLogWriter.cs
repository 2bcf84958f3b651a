using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Grid.Domain;
using Grid.Wire;

namespace Grid.FirmwareSim;

/// <summary>
/// Writes what gateways sent and heard, a line each, and flushes to the disk in groups: whoever is about to send waits for the
/// group that holds its line. A file that a killed process left is continued behind its last whole line.
/// </summary>
public sealed class RunLogWriter : IGatewayLog, IAsyncDisposable
{
    public const string Magic = "grid-sim-log 1";

    private readonly FileStream _file;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly Task _writing;
    private StringBuilder _lines = new();
    private TaskCompletionSource _written = New();
    private bool _closed;

    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="FileFaultException">It holds something else than a log.</exception>
    public RunLogWriter(string path, string scenario, long seed, Instant startedAt)
    {
        _file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (!IsLog(_file))
        {
            _file.Dispose();
            throw new FileFaultException(path, 1, null, "it is no simulator's log, and is left as it is: name another file with --log.");
        }

        CutTornLine(_file);
        _lines.Append(CultureInfo.InvariantCulture, $"{Magic} {scenario} {seed} {UtcText.Format(startedAt)}\n");
        _work.Release();
        _writing = Task.Run(WriteAsync);
    }

    public ValueTask SendingAsync(GatewayName gateway, KeptMessage message) => new(Append(
        $"sent {gateway} {message.Tag} {message.Epoch} {message.Seq} {Topics.Level(message.Kind)} {Convert.ToHexStringLower(SHA256.HashData(message.Payload))}\n"));

    public void PubAck(GatewayName gateway, KeptMessage message, string reason) => _ = Append($"puback {gateway} {message.Tag} {message.Epoch} {message.Seq} {reason}\n");

    public void Ack(GatewayName gateway, long epoch, long storedThrough) => _ = Append($"ack {gateway} {epoch} {storedThrough}\n");

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_closed) return;
            _closed = true;
            Wake();
        }

        await _writing;
        await _file.DisposeAsync();
        _work.Dispose();
    }

    private Task Append(FormattableString line)
    {
        var text = line.ToString(CultureInfo.InvariantCulture);
        lock (_lock)
        {
            if (_closed) return Task.CompletedTask; // what is heard after the end is no evidence of this run
            if (_written.Task.IsFaulted) return _written.Task; // no group is written any more
            _lines.Append(text);
            Wake();
            return _written.Task;
        }
    }

    private void Wake()
    {
        if (_work.CurrentCount == 0) _work.Release();
    }

    private async Task WriteAsync()
    {
        while (true)
        {
            await _work.WaitAsync();
            StringBuilder lines;
            TaskCompletionSource written;
            bool closed;
            lock (_lock)
            {
                (lines, _lines) = (_lines, new());
                (written, _written) = (_written, New());
                closed = _closed;
            }

            try
            {
                if (lines.Length > 0)
                {
                    await _file.WriteAsync(Encoding.ASCII.GetBytes(lines.ToString()));
                    _file.Flush(flushToDisk: true);
                }

                written.SetResult();
            }
            catch (Exception full)
            {
                written.SetException(full);
                lock (_lock) _written.SetException(full); // of those who have come meanwhile, and of all who will
                throw;
            }

            if (closed) return;
        }
    }

    /// <summary>True for an empty file too, and for one whose first line is torn.</summary>
    private static bool IsLog(FileStream file)
    {
        var head = new byte[Math.Min(Magic.Length, file.Length)];
        file.ReadExactly(head);
        return Magic.StartsWith(Encoding.ASCII.GetString(head), StringComparison.Ordinal);
    }

    private static void CutTornLine(FileStream file)
    {
        var length = file.Length;
        for (; length > 0; length--)
        {
            file.Position = length - 1;
            if (file.ReadByte() == '\n') break;
        }

        if (length < file.Length) file.SetLength(length);
        file.Position = length;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
