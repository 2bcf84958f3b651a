using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Domain;
using NodaTime.Text;

namespace Grid.Analytics;

/// <summary>A past day of all homes that are complete on it, as events are judged by (METHOD.md rule 6.9). Once it has been told of, it stands, whatever is corrected later.</summary>
/// <param name="Homes">Whose sum it is.</param>
/// <param name="Wh">Watt-hours of each of its 48 half-hours.</param>
/// <param name="LargestShare">That one home holds of any of them; 0 of a day that was told of before. Of each, since spans of hours can be subtracted.</param>
public sealed record EventDay(LocalDate Day, IReadOnlySet<HouseholdId> Homes, IReadOnlyList<long> Wh, double LargestShare = 0)
{
    public const int HalfHours = 48;

    /// <summary>Mean of a home over some half-hours from <paramref name="first"/> on.</summary>
    public double MeanWh(int first, int slots) => (double)Wh.Skip(first).Take(slots).Sum() / Homes.Count;

    public static ResultKey Key(LocalDate day) => new(ResultKind.EventDay, null, LocalDatePattern.Iso.Format(day));

    /// <summary>True for a day that can be one: nothing missing, nothing filled in by what others used, and no change of clocks, on which the same half-hours are others.</summary>
    public static bool Counts(HouseholdDay day) => day is { IsComplete: true, Quality: <= Quality.Interpolated, Slots.Length: HalfHours };

    /// <param name="homes">Each home's day that counts.</param>
    public static EventDay Of(LocalDate day, IReadOnlyDictionary<HouseholdId, HouseholdDay> homes)
    {
        var wh = new long[HalfHours];
        foreach (var home in homes.Values)
            for (var i = 0; i < wh.Length; i++) wh[i] += home.Slots[i].ImportWh!.Value;
        return new(day, homes.Keys.ToHashSet(), wh, wh.Select((sum, i) => sum == 0 ? 0 : (double)homes.Values.Max(h => h.Slots[i].ImportWh!.Value) / sum).Max());
    }

    /// <summary>The half-hours alone; the ledger has the homes.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes([.. Wh], EventJson.Default.Int64Array);

    public static EventDay FromJson(LocalDate day, IReadOnlySet<HouseholdId> homes, ReadOnlySpan<byte> json) =>
        new(day, homes, JsonSerializer.Deserialize(json, EventJson.Default.Int64Array) ?? throw new JsonException("A stored day is null."));
}

[JsonSerializable(typeof(long[]))]
internal sealed partial class EventJson : JsonSerializerContext;
