namespace Grid.Analytics;

public enum ChallengeState
{
    /// <summary>Beyond the target by more than the band.</summary>
    Reached = 1,

    /// <summary>The target lies within the band.</summary>
    TooCloseToCall = 2,
    NotReached = 3,

    /// <summary>Too few members have savings that can be told.</summary>
    NotEnoughData = 4,
}

/// <summary>Homes that want to use less together, judged by what they would have used in the same weather (METHOD.md rule 6.8).</summary>
/// <param name="Share">Saved ÷ expected.</param>
/// <param name="Band">Half width of the 90 % interval of <paramref name="Share"/>.</param>
public sealed record TeamChallenge(int Counted, double Share, double Band, double Target, ChallengeState State)
{
    public const int FewestHomes = 5;
    public const int MostHomes = 15;

    /// <param name="members">Over the challenge's dates, each by its own baseline.</param>
    /// <param name="target">Share to save, such as 0.08.</param>
    /// <exception cref="ArgumentOutOfRangeException">A team of another size, or a target outside 0 to 1.</exception>
    public static TeamChallenge Of(IReadOnlyCollection<SavingsEstimate> members, double target)
    {
        if (members.Count is < FewestHomes or > MostHomes) throw new ArgumentOutOfRangeException(nameof(members), members.Count, $"A team has {FewestHomes} to {MostHomes} homes.");
        if (!(target is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(target), target, "A target lies between 0 and 1.");
        var team = Portfolio.Of(members);
        if (team.Homes < FewestHomes || team.Counterfactual <= 0) return new(team.Homes, 0, 0, target, ChallengeState.NotEnoughData);
        var (share, band) = (team.Savings / team.Counterfactual, team.Band / team.Counterfactual);
        return new(team.Homes, share, band, target, Math.Abs(share - target) <= band ? ChallengeState.TooCloseToCall : share > target ? ChallengeState.Reached : ChallengeState.NotReached);
    }
}
