using FluentValidation;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Ingest;

/// <param name="Installs">Where the registry says that this meter hung and hangs.</param>
internal sealed record OfferedReading(Reading Reading, IReadOnlyList<MeterInstall> Installs, GatewayName Gateway, Instant ReceivedAt);

/// <summary>What a reading must be before it is worth keeping. The first rule that it breaks is its reason.</summary>
internal sealed class ReadingRules : AbstractValidator<OfferedReading>
{
    public ReadingRules(IngestOptions options)
    {
        ClassLevelCascadeMode = CascadeMode.Stop;
        RuleFor(r => r).Must(r => r.Installs.Count > 0).Because(Reason.UnknownMeter, "the registry has no such meter");
        RuleFor(r => r).Must(r => r.Installs.Any(i => i.Gateway == r.Gateway)).Because(Reason.ForeignMeter, "the meter is another gateway's");
        RuleFor(r => r).Must(r => r.Reading.At <= r.ReceivedAt + Duration.FromTimeSpan(options.MaxFuture))
            .Because(Reason.FromTheFuture, $"over {options.MaxFuture} ahead of our clock");
        RuleFor(r => r).Must(r => r.Reading.At >= r.ReceivedAt - Duration.FromTimeSpan(options.MaxAge)).Because(Reason.TooOld, $"over {options.MaxAge} old");
        RuleFor(r => r).Must(HungThere).Because(Reason.NotInstalled, "the meter did not hang there at that instant");
    }

    public Fault? Refusal(OfferedReading reading) => Validate(reading).Fault();

    // The last reading of a meter that is taken down is read at the very instant its interval ends.
    private static bool HungThere(OfferedReading offered) =>
        offered.Installs.Any(i => i.Gateway == offered.Gateway && (i.Covers(offered.Reading.At) || i.To == offered.Reading.At));
}
