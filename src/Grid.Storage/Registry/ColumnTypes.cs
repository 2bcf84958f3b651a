using Grid.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Grid.Storage;

/// <summary>How the words of the domain stand in columns: instants as milliseconds since 1970 (SQLite cannot compare offsets), days as dates, names as text.</summary>
internal static class ColumnTypes
{
    public static void Configure(ModelConfigurationBuilder builder)
    {
        builder.Properties<Instant>().HaveConversion<InstantColumn>();
        builder.Properties<LocalDate>().HaveConversion<DayColumn>();
        builder.Properties<MeterName>().HaveConversion<MeterColumn>().HaveMaxLength(Identifier.MaxLength);
        builder.Properties<HouseholdId>().HaveConversion<HouseholdColumn>().HaveMaxLength(Identifier.MaxLength);
        builder.Properties<GatewayName>().HaveConversion<GatewayColumn>().HaveMaxLength(32);
    }

    private sealed class InstantColumn() : ValueConverter<Instant, long>(at => at.ToUnixTimeMilliseconds(), ms => Instant.FromUnixTimeMilliseconds(ms));

    private sealed class DayColumn() : ValueConverter<LocalDate, DateOnly>(day => day.ToDateOnly(), date => LocalDate.FromDateOnly(date));

    private sealed class MeterColumn() : ValueConverter<MeterName, string>(name => name.Value, text => MeterName.Parse(text));

    private sealed class HouseholdColumn() : ValueConverter<HouseholdId, string>(id => id.Value, text => HouseholdId.Parse(text));

    private sealed class GatewayColumn() : ValueConverter<GatewayName, string>(name => name.Value, text => GatewayName.Parse(text));
}
