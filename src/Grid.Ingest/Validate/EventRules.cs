using FluentValidation;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Ingest;

internal sealed record OfferedEvent(MeterEvent Event, IReadOnlyList<MeterInstall> Installs, GatewayName Gateway, Instant ReceivedAt);

/// <summary>What an event must be. It is bounded in time like the readings that it explains: an older one would mark every day since.</summary>
internal sealed class EventRules : AbstractValidator<OfferedEvent>
{
    public EventRules(IngestOptions options)
    {
        ClassLevelCascadeMode = CascadeMode.Stop;
        RuleFor(e => e).Must(e => e.Event.Meter is not null || !e.Event.BreaksRegister).Because(Reason.MissingMember, "meter");
        RuleFor(e => e).Must(e => e.Event.Meter is null || e.Installs.Count > 0).Because(Reason.UnknownMeter, "the registry has no such meter");
        RuleFor(e => e).Must(e => e.Event.Meter is null || e.Installs.Any(i => i.Gateway == e.Gateway))
            .Because(Reason.ForeignMeter, "the meter is another gateway's");
        RuleFor(e => e).Must(e => e.Event.At <= e.ReceivedAt + Duration.FromTimeSpan(options.MaxFuture))
            .Because(Reason.FromTheFuture, $"over {options.MaxFuture} ahead of our clock (Grid:Ingest:MaxFuture)");
        RuleFor(e => e).Must(e => e.Event.At >= e.ReceivedAt - Duration.FromTimeSpan(options.MaxAge)).Because(Reason.TooOld, $"over {options.MaxAge} old (Grid:Ingest:MaxAge)");
    }

    public Fault? Refusal(OfferedEvent offered) => Validate(offered).Errors is [var first, ..] ? first.Fault() : null;
}
