using FluentValidation;
using FluentValidation.Results;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Ingest;

/// <summary>One message's readings, with all that the rules may know of them.</summary>
internal sealed record OfferedReadings(IReadOnlyList<Reading> Readings, GatewayName Gateway, Instant ReceivedAt, RegistrySnapshot Registry);

/// <summary>
/// What a reading must be before it is worth keeping. The first rule that it breaks is its reason. One rule over the message's
/// collection: FluentValidation's own share is paid once a message, not once a reading.
/// </summary>
internal sealed class ReadingRules : AbstractValidator<OfferedReadings>
{
    private readonly Rule[] _rules;

    public ReadingRules(IngestOptions options)
    {
        var (ahead, old) = (Duration.FromTimeSpan(options.MaxFuture), Duration.FromTimeSpan(options.MaxAge));
        _rules =
        [
            new(Reason.UnknownMeter, "the registry has no such meter", static (_, _, installs) => installs.Count > 0),
            new(Reason.ForeignMeter, "the meter is another gateway's", static (_, message, installs) => IsOurs(installs, message.Gateway)),
            new(Reason.FromTheFuture, $"over {options.MaxFuture} ahead of our clock (Grid:Ingest:MaxFuture)", (reading, message, _) => reading.At <= message.ReceivedAt + ahead),
            new(Reason.TooOld, $"over {options.MaxAge} old (Grid:Ingest:MaxAge)", (reading, message, _) => reading.At >= message.ReceivedAt - old),
            new(Reason.NotInstalled, "the meter did not hang there at that instant", static (reading, message, installs) => HungThere(installs, message.Gateway, reading.At)),
        ];
        RuleFor(m => m.Readings).Custom(Check);
    }

    private delegate bool Holds(Reading reading, OfferedReadings message, IReadOnlyList<MeterInstall> installs);

    private sealed record Rule(Reason Reason, string Detail, Holds Holds);

    /// <summary>The readings that break a rule, by their position, in order.</summary>
    public IReadOnlyList<(int Position, Fault Fault)> Refusals(OfferedReadings offered)
    {
        var result = Validate(offered);
        return result.IsValid ? [] : [.. result.Errors.Select(e => ((int)e.CustomState, e.Fault()))];
    }

    private void Check(IReadOnlyList<Reading> readings, ValidationContext<OfferedReadings> context)
    {
        var message = context.InstanceToValidate;
        for (var i = 0; i < readings.Count; i++)
        {
            var installs = message.Registry.InstallsOf(readings[i].Meter);
            foreach (var rule in _rules)
            {
                if (rule.Holds(readings[i], message, installs)) continue;
                context.AddFailure(new ValidationFailure(nameof(message.Readings), rule.Detail) { ErrorCode = rule.Reason.Code(), CustomState = i });
                break;
            }
        }
    }

    private static bool IsOurs(IReadOnlyList<MeterInstall> installs, GatewayName gateway)
    {
        for (var i = 0; i < installs.Count; i++)
            if (installs[i].Gateway == gateway) return true;
        return false;
    }

    // The last reading of a meter that is taken down is read at the very instant its interval ends.
    private static bool HungThere(IReadOnlyList<MeterInstall> installs, GatewayName gateway, Instant at)
    {
        for (var i = 0; i < installs.Count; i++)
            if (installs[i].Gateway == gateway && (installs[i].Covers(at) || installs[i].To == at)) return true;
        return false;
    }
}
