namespace MatchEngine.Evaluation.Intervals;

/// <summary>A rate whose trials belong to subjects.</summary>
public abstract class SubjectRate
{
    /// <summary>Errors in the data as they are.</summary>
    public abstract long Errors { get; }

    /// <summary>Trials in the data as they are.</summary>
    public abstract long Trials { get; }

    /// <summary>How many subjects have a trial.</summary>
    public abstract int Subjects { get; }

    /// <summary>
    /// How many subjects with equally many trials would tell as much: (Σn)²/Σn² (Kish, Survey Sampling, 1965). Where a few subjects have
    /// most of the trials it is far below <see cref="Subjects"/>.
    /// </summary>
    public abstract double EffectiveSubjects { get; }

    /// <summary>Degrees of freedom of the variance: how many subjects it is made of, less one.</summary>
    internal virtual double Freedom => EffectiveSubjects - 1;

    /// <summary>How many people, or pairs of them, a bound counts when no error was seen; see <see cref="UnitsNoun"/>.</summary>
    internal virtual long Units => Subjects;

    /// <summary>What <see cref="Units"/> are.</summary>
    internal virtual string UnitsNoun => "people";

    /// <summary>
    /// With so many expected errors per unit none is seen in one of twenty sets: 3 where the units are independent, more where they are
    /// not.
    /// </summary>
    internal virtual double ZeroErrors => 3;

    /// <summary>The rate with its counts where nothing was drawn: Wilson's interval, but a bound that counts people.</summary>
    internal RateEstimate Undrawn() => Errors > 0 && Errors < Trials
        ? RateEstimate.Independent(Errors, Trials)
        : RateEstimate.Clustered(Errors, Trials, new Interval(double.NaN, double.NaN), Units, UnitsNoun, ZeroErrors);

    /// <summary>Whether simulation shows that the interval holds the truth less often than it says.</summary>
    internal virtual bool IsUncertain => false;

    /// <summary>
    /// Variance of the rate that the design of the data implies; the replicates are scaled to it. NaN: take the replicates as they are.
    /// </summary>
    internal virtual double DesignVariance => double.NaN;

    /// <summary>Variance of the rate that the replicates must have at least.</summary>
    internal virtual double LeastVariance => 0;

    /// <summary>The rate when subject s counts <paramref name="weights"/>[s] times; NaN when no trial is left.</summary>
    internal abstract double Replicate(ReadOnlySpan<int> weights);

    /// <summary>The rate in the data as they are; NaN when there are no trials.</summary>
    public virtual double Rate => Trials == 0 ? double.NaN : (double)Errors / Trials;
}
