using FluentValidation;
using FluentValidation.Results;
using Grid.Domain;
using Grid.Wire;

namespace Grid.Ingest;

/// <summary>Carries our closed list of reasons through FluentValidation's error codes.</summary>
internal static class RuleReasons
{
    public static void Because<T, TProperty>(this IRuleBuilderOptions<T, TProperty> rule, Reason reason, string detail) =>
        rule.WithErrorCode(reason.Code()).WithMessage(detail.Replace("{", "{{", StringComparison.Ordinal));

    public static Fault Fault(this ValidationFailure failure) => new(ReasonCodes.Parse(failure.ErrorCode)!.Value, failure.ErrorMessage);
}
