namespace Grid.Analytics;

/// <summary>A bill that takes part in the method (METHOD.md rule 5.16), with the outdoor means of its days.</summary>
/// <param name="Next">The day after its last.</param>
/// <param name="MeanF">Degrees Fahrenheit, of the days that have one.</param>
public sealed record UseBill(LocalDate First, LocalDate Next, double Use, IReadOnlyList<double> MeanF)
{
    public int Days => Period.DaysBetween(First, Next);

    /// <summary>What the model says for all of its days.</summary>
    public ModelledUse Modelled(BaselineModel model) => MeanF.Aggregate(default(ModelledUse), (sum, f) => sum + model.Of(f)) * ((double)Days / MeanF.Count);
}
