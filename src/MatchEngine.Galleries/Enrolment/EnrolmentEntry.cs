namespace MatchEngine.Galleries.Enrolment;

/// <summary>What a source gives: a photo to enrol, or the reason why there is none.</summary>
public abstract record EnrolmentEntry
{
    private protected EnrolmentEntry()
    {
    }
}
