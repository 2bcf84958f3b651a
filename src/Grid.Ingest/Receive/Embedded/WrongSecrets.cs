using System.Net;
using Grid.Domain;

namespace Grid.Ingest;

/// <summary>
/// Ten wrong secrets within a minute, and that gateway is not listened to from that address for another minute, whatever it says.
/// From elsewhere it is: nobody is to be locked out by a stranger.
/// </summary>
internal sealed class WrongSecrets(TimeProvider clock)
{
    private const int Most = 10;
    private const int MaxEntries = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(GatewayName, IPAddress), (int Count, long Began)> _counted = [];
    private readonly Lock _lock = new();

    public bool IsBlocked(GatewayName gateway, IPAddress from)
    {
        lock (_lock) return _counted.TryGetValue((gateway, from), out var seen) && seen.Count >= Most && clock.GetElapsedTime(seen.Began) < Window;
    }

    public void Count(GatewayName gateway, IPAddress from)
    {
        lock (_lock)
        {
            if (_counted.Count >= MaxEntries) Forget();
            var now = clock.GetTimestamp();
            var count = _counted.TryGetValue((gateway, from), out var seen) && clock.GetElapsedTime(seen.Began) < Window ? seen.Count + 1 : 1;
            _counted[(gateway, from)] = (count, count is 1 or Most ? now : seen.Began); // the tenth begins the minute of silence
        }
    }

    private void Forget()
    {
        foreach (var (key, seen) in _counted.ToList())
            if (clock.GetElapsedTime(seen.Began) >= Window) _counted.Remove(key);
        if (_counted.Count >= MaxEntries) _counted.Clear();
    }
}
