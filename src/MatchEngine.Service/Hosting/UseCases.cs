using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Answers;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Batches;
using MatchEngine.Frs.Cases;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Details;
using MatchEngine.Frs.Duplicates;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Idempotency;
using MatchEngine.Frs.Importing;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Redress;
using MatchEngine.Frs.Retention;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Frs.Vetting;
using MatchEngine.Frs.Webhooks;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Hosting;

/// <summary>The use cases of the service, and what they share.</summary>
internal static class UseCases
{
    public static void Add(IServiceCollection services, ServiceSettings settings)
    {
        services.AddSingleton(settings.ToOptions());
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<AuditingRefusals>();
        services.AddSingleton<Receipts>();
        services.AddSingleton<IExtractorSource, InstalledModels>();
        services.AddSingleton<ExtractionWorkers>();
        services.AddSingleton<Pictures>();
        services.AddSingleton<OpenGalleries>();
        services.AddSingleton<GalleryAccess>();
        services.AddSingleton<ServiceRules>();
        services.AddSingleton<RuledGalleries>();
        services.AddSingleton<CandidateAccess>();
        services.AddSingleton<SealedProbes>();
        services.AddSingleton<SealedDrafts>();
        services.AddSingleton<FirstAdministrator>();
        services.AddSingleton<SigningIn>();
        services.AddSingleton<KeepingAccounts>();
        services.AddSingleton<CheckingSecondFactors>();
        services.AddSingleton<KeepingSecondFactors>();
        services.AddSingleton<KeepingIdentities>();
        services.AddSingleton<KeepingSessions>();
        services.AddSingleton<KeepingKeys>();
        services.AddSingleton<KeepingClientSettings>();
        services.AddSingleton<KeepingSigningCredentials>();
        services.AddSingleton<KeepingGalleries>();
        services.AddSingleton<ArchivingGalleries>();
        services.AddSingleton<AnsweringOffers>();
        services.AddSingleton<SharingProvidedData>();
        services.AddSingleton<AcceptingTerms>();
        services.AddSingleton<KeepingTraining>();
        services.AddSingleton<VettingLists>();
        services.AddSingleton<KeepingVetting>();
        services.AddSingleton<EnrollingPhotos>();
        services.AddSingleton<KeepingSubjects>();
        services.AddSingleton<FindingSubjects>();
        services.AddSingleton<ExportingSubjects>();
        services.AddSingleton<ReviewingDuplicates>();
        services.AddSingleton<AnnouncingSubjects>();
        services.AddSingleton<LinkingSubjects>();
        services.AddSingleton<ImportingPhotos>();
        services.AddSingleton<KeepingCases>();
        services.AddSingleton<SearchingGalleries>();
        services.AddSingleton<ReadingSearches>();
        services.AddSingleton<InterchangeAnswer>();
        services.AddSingleton<ClaimingApprovals>();
        services.AddSingleton<ComparingFaces>();
        services.AddSingleton<MeasuringQuality>();
        services.AddSingleton<ApprovingSearches>();
        services.AddSingleton<ReviewingSearches>();
        services.AddSingleton<ForeseeingExpiry>();
        services.AddSingleton<ExaminingLists>();
        services.AddSingleton<RequestingDetails>();
        services.AddSingleton<HandlingRedress>();
        services.AddSingleton<ReadingNotifications>();
        services.AddSingleton<ReadingAudit>();
        services.AddSingleton<PurgingExpired>();
        services.AddSingleton<AnswerSeals>();
        services.AddSingleton<AnsweringOnce>();
        services.AddSingleton<SearchingTogether>();
        services.AddSingleton<IAnswerDialect, RestAnswers>();
        services.AddSingleton<SearchingBatches>();
        services.AddSingleton<WebhookTargets>();
        services.AddSingleton<IWebhookPost, WebhookPost>();
        services.AddSingleton<KeepingWebhooks>();
        services.AddSingleton<SendingWebhooks>();
    }
}
