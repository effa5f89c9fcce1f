namespace MatchEngine.House.Tests;

/// <summary>
/// Arrows that go against the house today, by name. The list only shrinks: a new arrow is not added here but turned round, and one that
/// is gone must be taken off.
/// </summary>
internal static class ArrowExceptions
{
    /// <summary>Rooms that refer to one which is not theirs to use.</summary>
    public static IReadOnlyList<string> Rooms { get; } = [];

    /// <summary>Rooms that the house does not know.</summary>
    public static IReadOnlyList<string> Strangers { get; } = [];

    /// <summary>Rooms that show their internals to another.</summary>
    public static IReadOnlyList<string> Internals { get; } = ["Galleries > Service"];

    // A line: the type that uses, the folder or group that is used, and its types.
    private const string Faces = """
        faults.AcquisitionException > Quality: FaceQuality
        """;

    private const string Galleries = "";

    private const string Service = """
        Access.AuditedChanges > Hosting: OpenGalleries
        Access.BrowserSession > Hosting: DataFolderLock, ServiceSettings
        Access.GalleryAccess > Hosting: OpenGalleries
        Access.RateLimits > Hosting: ServiceLimits
        Access.AuditTrail > Resources: Endpoints
        Errors.ErrorAnswers > Pages: ProblemPage
        Errors.ErrorAnswers > Resources: FaceBox, QualityResponse
        Errors.ProblemResponse > Resources: FaceBox, QualityResponse
        Errors.RequestIds > Store: ServiceDatabase
        Extraction.ExtractionWorkers > Hosting: ServiceLimits, ServiceSettings
        Extraction.InstalledModels > Hosting: ServiceLimits, ServiceSettings
        Extraction.Pictures > Hosting: ServiceLimits, ServiceSettings
        FacialExamination.Examining > Hosting: ServiceLimits, ServiceSettings
        FacialExamination.SealedProbes > Hosting: DataFolderLock, ServiceSettings
        FacialExamination.SealedProbes > Intake: IBufferObserver, OwnedBuffer
        FacialExamination.Examining > Resources: Endpoints
        Imports.ImportRunner > Hosting: OpenGalleries, ServiceLimits, ServiceSettings
        Imports.ImportFolder > Resources: ImportRequest
        Imports.ImportRunner > Resources: ImportRequest
        Intake.Submission > Hosting: ServiceLimits, ServiceSettings
        Observability.TelemetryExport > Hosting: ServiceSettings, ServiceSettingsException
        Pages.ApprovalPages > Hosting: OpenGalleries
        Pages.ComparisonPages > Hosting: Readiness, ServiceSettings
        Pages.DetailsPages > Hosting: OpenGalleries
        Pages.EnrolmentPages > Hosting: Readiness, ServiceSettings
        Pages.GalleryPages > Hosting: OpenGalleries, ServiceLimits, ServiceSettings
        Pages.ImportPages > Hosting: ServiceSettings
        Pages.PageForm > Hosting: ServiceLimits, ServiceSettings
        Pages.ReportPages > Hosting: ServiceSettings
        Pages.SearchPages > Hosting: OpenGalleries, Readiness, ServiceSettings
        Pages.AccountPages > Resources: AccountChange, AccountRequest, AccountResponse, AccountsResource, OrganisationRequest
        Pages.AccountPages > Resources: OrganisationResponse, OrganisationsResource
        Pages.AccountsModel > Resources: AccountResponse, OrganisationResponse
        Pages.AccountsView > Resources: AccountResponse, OrganisationResponse
        Pages.ApprovalPages > Resources: ApprovalRequest, ApprovalResponse, ApprovalsResource, Decision, GalleriesResource
        Pages.ApprovalPages > Resources: GalleryResponse, PurposeWire
        Pages.ApprovalRequestModel > Resources: GalleryResponse
        Pages.ApprovalRequestView > Resources: GalleryResponse
        Pages.ApprovalsModel > Resources: ApprovalResponse
        Pages.ApprovalsView > Resources: ApprovalResponse, PurposeWire
        Pages.AuditCheckPart > Resources: AuditVerificationResponse, BrokenLinkResponse
        Pages.AuditModel > Resources: AuditPage, AuditVerificationResponse
        Pages.AuditPages > Resources: AuditPage, AuditResource, AuditVerificationResponse
        Pages.AuditView > Resources: AuditEventResponse, AuditPage, AuditVerificationResponse
        Pages.BenchPages > Resources: SearchRecord, SearchesResource
        Pages.BenchView > Resources: DisclaimerWire
        Pages.BiographicsForm > Resources: SubjectResponse
        Pages.CandidatePart > Resources: CandidateResponse, ProbeWire
        Pages.CandidateRecordModel > Resources: CandidateRecord
        Pages.CandidateRecordView > Resources: CandidateRecord, DisclaimerWire, EncounterWire, LinkResponse
        Pages.CandidatesPart > Resources: CandidateResponse, DisclaimerWire, ProbeWire, QualityResponse, SearchResponse, TimingsWire
        Pages.CandidatesView > Resources: SearchResponse
        Pages.ComparisonAnswerView > Resources: ComparisonResponse
        Pages.ComparisonPages > Resources: ComparisonResponse, ComparisonsResource, FaceWire
        Pages.ComparisonPart > Resources: ComparisonResponse, DisclaimerWire, ProbeWire
        Pages.DetailsModel > Resources: DetailsResponse
        Pages.DetailsPages > Resources: Decision, DetailsRequestsResource, DetailsResponse, Endpoints, SecondRequest
        Pages.DetailsView > Resources: DetailsResponse
        Pages.DisclaimerPart > Resources: DisclaimerWire
        Pages.EnrolmentPages > Resources: EncounterRequest, EncountersResource, Endpoints, EnrolmentResponse, PhotoResult
        Pages.EnrolmentPart > Resources: PhotoResult
        Pages.ExaminationModel > Resources: ExaminationResponse
        Pages.ExaminationPages > Resources: CandidateAssessment, Endpoints, ExaminationEnd, ExaminationResponse, ExaminationsResource
        Pages.ExaminationPages > Resources: ExaminedCandidateResponse
        Pages.ExaminationView > Resources: DisclaimerWire, ExaminationResponse, ExaminationResult, ExaminedCandidateResponse
        Pages.ExaminationsModel > Resources: ExaminationResponse
        Pages.ExaminationsView > Resources: ExaminationResponse
        Pages.GalleriesModel > Resources: GalleryResponse
        Pages.GalleriesView > Resources: GalleryResponse, RetentionWire
        Pages.GalleryPageModel > Resources: GalleryResponse, PermissionResponse
        Pages.GalleryPages > Resources: ArchivesResource, BiographicsCorrection, EncountersResource, Endpoints, GalleriesResource
        Pages.GalleryPages > Resources: GalleryChange, GalleryRequest, GalleryResponse, PermissionRequest, PermissionResponse
        Pages.GalleryPages > Resources: RetentionWire, SubjectPage, SubjectResponse, SubjectsResource
        Pages.GalleryView > Resources: GalleryResponse, PermissionResponse, RetentionWire
        Pages.ImportPages > Resources: Endpoints, ImportRequest, ImportsResource, OperationResponse, OperationsResource
        Pages.ImportsModel > Resources: OperationResponse
        Pages.ImportsView > Resources: OperationResponse
        Pages.KeyPages > Resources: Endpoints, KeyRequest, KeyResponse, KeysResource, NewKeyResponse
        Pages.KeysModel > Resources: KeyResponse, NewKeyResponse
        Pages.KeysView > Resources: KeyResponse, NewKeyResponse
        Pages.NotificationPages > Resources: Endpoints, NotificationResponse, NotificationsResource
        Pages.NotificationsModel > Resources: NotificationResponse
        Pages.NotificationsView > Resources: NotificationResponse
        Pages.OversightModel > Resources: ReviewPage
        Pages.OversightPages > Resources: ReviewPage, ReviewRequest, ReviewResponse, ReviewsResource
        Pages.OversightView > Resources: ReviewPage, ReviewResponse
        Pages.PageFrame > Resources: Endpoints, NotificationsResource
        Pages.PhotoOutcome > Resources: PhotoResult
        Pages.ProbeFigure > Resources: FaceBox, ProbeWire
        Pages.ProbeModel > Resources: QualityAnswer
        Pages.ProbePart > Resources: ProbeWire, QualityAnswer, QualityResponse
        Pages.ProblemModel > Resources: FaceBox, QualityResponse
        Pages.ProblemPart > Resources: FaceBox, QualityResponse
        Pages.PurposePart > Resources: PurposeWire
        Pages.QualityPart > Resources: QualityComponentWire, QualityResponse
        Pages.RetentionFields > Resources: RetentionWire
        Pages.SearchModel > Resources: ApprovalResponse, GalleryResponse
        Pages.SearchPages > Resources: ApprovalResponse, ApprovalsResource, CandidateRecord, Endpoints, FaceWire, GalleriesResource
        Pages.SearchPages > Resources: GalleryResponse, ProbeWire, PurposeWire, QualityAnswer, QualityResource, QualityResponse
        Pages.SearchPages > Resources: SearchRecord, SearchRequest, SearchResponse, SearchesResource
        Pages.SearchRecordModel > Resources: SearchRecord
        Pages.SearchRecordView > Resources: DisclaimerWire, PurposeWire, SearchRecord
        Pages.SearchView > Resources: ApprovalResponse, GalleryResponse, PurposeWire
        Pages.SessionPages > Resources: Endpoints, SessionResource, SessionResponse, SignInRequest
        Pages.SubjectsModel > Resources: SubjectPage
        Pages.SubjectsView > Resources: EncounterWire, SubjectPage, SubjectResponse
        Pages.TermsModel > Resources: TermsResponse
        Pages.TermsPages > Resources: TermsAcceptance, TermsResource, TermsResponse
        Pages.TermsView > Resources: TermsResponse
        Resources.ArchivesResource > Hosting: OpenGalleries, ServiceLimits, ServiceSettings
        Resources.ComparisonsResource > Hosting: Readiness, ServiceSettings
        Resources.DetailsRequestsResource > Hosting: OpenGalleries
        Resources.EncountersResource > Hosting: ServiceLimits, ServiceSettings
        Resources.GalleriesResource > Hosting: OpenGalleries, ServiceSettings
        Resources.HealthResource > Hosting: Readiness
        Resources.ImportsResource > Hosting: ServiceSettings
        Resources.QualityResource > Hosting: Readiness, ServiceSettings
        Resources.SearchesResource > Hosting: Readiness
        Searching.InterchangeAnswer > Hosting: ServiceSettings
        Searching.ProbeSearch > Hosting: OpenGalleries
        Searching.ServiceRules > Hosting: ServiceSettings
        Searching.ProbeSearch > Intake: DeletionReceipt, Receipts
        Searching.SearchAnswer > Intake: DeletionReceipt
        Searching.InterchangeAnswer > Resources: CandidateResponse, DisclaimerWire, EncounterWire, SearchResponse
        Searching.ProbeSearch > Resources: ApprovalsResource, CandidateResponse, DisclaimerWire, EncounterWire, FaceBox, ProbeWire
        Searching.ProbeSearch > Resources: PurposeWire, QualityResponse, SearchRequest, SearchResponse, TimingsWire
        Searching.SearchAnswer > Resources: SearchResponse
        Searching.ServiceRules > Resources: FaceWire, SearchRequest
        Store.Approvals > Access: Caller
        Store.Notifications > Access: Caller
        Store.UsesOfSearch > Access: Caller
        Store.LinkMove > Hosting: OpenGalleries
        Store.ServiceDatabase > Hosting: DataFolderLock
        """;

    /// <summary>Folders of a room that use one which is not below them: <c>folder.type &gt; folder.type</c>.</summary>
    public static IEnumerable<string> Folders(string room)
    {
        var text = room switch
        {
            "Faces" => Faces,
            "Galleries" => Galleries,
            _ => Service,
        };
        return
            from line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            let parts = line.Split(": ")
            from used in parts[1].Split(", ")
            select $"{parts[0]}.{used}";
    }
}
