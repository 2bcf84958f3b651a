using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Portal;

/// <summary>What charts.js draws: bars, with all words and labels in the reader's language already.</summary>
internal sealed record ChartData(string Description, string Unit, string NoData, IReadOnlyList<ChartBar> Bars)
{
    // The default encoder escapes < and >, so the JSON cannot end its script element.
    public string ToJson() => JsonSerializer.Serialize(this, ChartJson.Default.ChartData);
}

/// <param name="Axis">Short label under the bar.</param>
/// <param name="Name">Full label in the tooltip.</param>
/// <param name="Kwh">Null if there is nothing to draw.</param>
/// <param name="State">See <see cref="RowState"/>, in lower case: it decides the pattern.</param>
/// <param name="Note">State in words, empty where it needs none.</param>
internal sealed record ChartBar(string Axis, string Name, decimal? Kwh, string State, string Note);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ChartData))]
internal sealed partial class ChartJson : JsonSerializerContext;
