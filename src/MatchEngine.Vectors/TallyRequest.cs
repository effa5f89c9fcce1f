namespace MatchEngine.Vectors;

/// <summary>Asks a search to count how many subjects reach fixed scores, from the highest one down (<see cref="ScoreTally"/>).</summary>
/// <param name="Edges">The scores.</param>
/// <param name="Least">
/// About how many subjects are to be counted at least. Counting goes on downwards as far as about that many reach, or more where it costs
/// nothing; in a gallery of four times as many templates or fewer everybody is counted.
/// </param>
/// <param name="DownTo">A score down to which the count should go, if no more than about four times <paramref name="Least"/> reach it; null
/// for none.</param>
public sealed record TallyRequest(ScoreEdges Edges, int Least, float? DownTo = null);
