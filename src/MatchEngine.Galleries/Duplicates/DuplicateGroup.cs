namespace MatchEngine.Galleries.Duplicates;

/// <summary>
/// Subjects that hang together by pairs. In a group of three or more not all need be alike: A is like B, and B like C.
/// </summary>
/// <param name="Members">The subjects, by gallery and id in ordinal order; two at least.</param>
/// <param name="Pairs">How many pairs join them; a group of n in which all are alike has n·(n − 1)/2.</param>
/// <param name="Weakest">The lowest score of those pairs.</param>
/// <param name="Strongest">The highest.</param>
public sealed record DuplicateGroup(IReadOnlyList<DuplicateMember> Members, int Pairs, float Weakest, float Strongest)
{
    /// <summary>The groups that pairs make: those with the highest score first, then by their first member.</summary>
    public static IReadOnlyList<DuplicateGroup> Of(IEnumerable<DuplicateLink> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var links = pairs.ToList();
        // Union by a parent for each member; paths are halved on the way, so that long chains cost no more than short ones.
        var parents = new Dictionary<DuplicateMember, DuplicateMember>();
        foreach (var link in links)
            parents[Root(link.First)] = Root(link.Second);
        return
        [
            .. links.GroupBy(link => Root(link.First)).Select(Group)
                .OrderByDescending(group => group.Strongest)
                .ThenBy(group => group.Members[0].Gallery, StringComparer.Ordinal)
                .ThenBy(group => group.Members[0].SubjectId, StringComparer.Ordinal),
        ];

        DuplicateMember Root(DuplicateMember member)
        {
            parents.TryAdd(member, member);
            while (parents[member] != member)
                member = parents[member] = parents[parents[member]];
            return member;
        }
    }

    private static DuplicateGroup Group(IEnumerable<DuplicateLink> links) => new(
        [
            .. links.SelectMany(link => new[] { link.First, link.Second }).Distinct()
                .OrderBy(member => member.Gallery, StringComparer.Ordinal).ThenBy(member => member.SubjectId, StringComparer.Ordinal),
        ],
        links.Count(), links.Min(link => link.Score), links.Max(link => link.Score));
}
