namespace MatchEngine.Rates.Calibrations;

/// <summary>What a data set says of the person in a photo. Null: it does not say; such a photo is in random pairs only.</summary>
/// <param name="Sex">The label of sex, in the data set's own words.</param>
/// <param name="Race">The label of race, likewise.</param>
/// <param name="AgeBand">The label of an age band, such as <c>0–17</c>; a band makes a group of its own.</param>
public readonly record struct PersonLabels(string? Sex, string? Race = null, string? AgeBand = null);
