import { createOutcomes, type OutcomeOf } from '@reachkit/driver-kit'

/**
 * What a code of Tencent Cloud's SMS service means: of a whole call, or of one number. A template or signature that is
 * not approved is the account's fault: a person repairs it in the console, and other messages meet the same. Two codes
 * are misspelt by the vendor. Its official SDK for Go lists the same ones (tencentcloud/sms/v20210111/errors.go in
 * https://github.com/TencentCloud/tencentcloud-sdk-go); those of statistics, signatures and templates are left out.
 */
export const tencentOutcome: OutcomeOf = createOutcomes({
  vendor: 'tencent',
  document:
    'Tencent Cloud SMS, "API 3.0 sending error codes" (https://cloud.tencent.com/document/api/382/59177) and "Error codes" (https://cloud.tencent.com/document/api/382/52075)',
  codes: {
    'InvalidParameterValue.IncorrectPhoneNumber': 'invalid-address',
    'FailedOperation.PhoneNumberParseFail': 'invalid-address',
    'FailedOperation.PhoneNumberInBlacklist': 'rejected', // who has opted out, or a list of the carriers
    'FailedOperation.ContainSensitiveWord': 'rejected',
    'FailedOperation.FailResolvePacket': 'rejected',
    'FailedOperation.JsonParseFail': 'rejected',
    'FailedOperation.OtherError': 'rejected', // mostly a parameter
    'FailedOperation.ParametersOtherError': 'unknown', // an error that nobody knows, for all its name
    'FailedOperation.TemplateParamSetNotMatchApprovedTemplate': 'rejected', // as many variables as the template has not
    'FailedOperation.MarketingSendTimeConstraint': 'retry-later', // marketing goes out from 8 to 22 only
    'FailedOperation.InsufficientBalanceInSmsPackage': 'account',
    'FailedOperation.NotEnterpriseCertification': 'account',
    'FailedOperation.SignatureIncorrectOrUnapproved': 'account',
    'FailedOperation.TemplateIncorrectOrUnapproved': 'account',
    'FailedOperation.TemplateUnapprovedOrNotExist': 'account',
    InvalidParameter: 'rejected',
    'InvalidParameter.InvalidParameters': 'rejected',
    'InvalidParameter.DirtyWordFound': 'rejected',
    'InvalidParameter.AppidAndBizId': 'account',
    'InvalidParameterValue.ContentLengthLimit': 'rejected',
    'InvalidParameterValue.TemplateParameterFormatError': 'rejected',
    'InvalidParameterValue.TemplateParameterLengthLimit': 'rejected',
    'InvalidParameterValue.TemplateWithDirtyWords': 'rejected',
    'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter': 'rejected',
    'InvalidParameterValue.SdkAppIdNotExist': 'account',
    'InvalidParameterValue.SignNameLengthTooLong': 'account',
    MissingParameter: 'rejected',
    'MissingParameter.EmptyPhoneNumberSet': 'rejected',
    'LimitExceeded.DeliveryFrequencyLimit': 'retry',
    'LimitExceeded.PhoneNumberThirtySecondLimit': 'retry',
    'LimitExceeded.PhoneNumberOneHourLimit': 'retry-later',
    'LimitExceeded.PhoneNumberDailyLimit': 'retry-later',
    'LimitExceeded.PhoneNumberSameContentDailyLimit': 'retry-later',
    'LimitExceeded.PhoneNumberCountLimit': 'rejected',
    'LimitExceeded.AppCountryOrRegionInBlacklist': 'account', // the console does not allow this country
    'LimitExceeded.*': 'retry-later', // so many a day: of the app, of a country, abroad
    'UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber': 'rejected',
    'UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone': 'rejected',
    'UnsupportedOperation.GlobalTemplateToChineseMainlandPhone': 'rejected',
    'UnsupportedOperation.UnsuportedRegion': 'rejected',
    'UnauthorizedOperation.IndividualUserMarketingSmsPermissionDeny': 'account',
    'UnauthorizedOperation.RequestIpNotInWhitelist': 'account',
    'UnauthorizedOperation.RequestPermissionDeny': 'account',
    'UnauthorizedOperation.SdkAppIdIsDisabled': 'account',
    'UnauthorizedOperation.SerivceSuspendDueToArrears': 'account',
    'UnauthorizedOperation.SmsSdkAppIdVerifyFail': 'account',
    'UnauthorizedOperation.*': 'account',
    'InternalError.SigVerificationFail': 'account',
    'InternalError.SigFieldMissing': 'account',
    'InternalError.RestApiInterfaceNotExist': 'account',
    'InternalError.RequestTimeException': 'account', // the clocks differ by more than 10 minutes
    'InternalError.JsonParseFail': 'rejected',
    'InternalError.*': 'unknown', // Timeout, SendAndRecvFail, ParseBackendResponseFail, OtherError, UnknownError
    InternalError: 'unknown',
    ResponseSizeLimitExceeded: 'unknown',
    ServiceUnavailable: 'unknown',
    LimitExceeded: 'retry-later',
    RequestLimitExceeded: 'retry',
    'RequestLimitExceeded.*': 'retry', // of the account, of an address, of a region
    'AuthFailure.*': 'account', // SignatureFailure, SecretIdNotFound, TokenFailure ...
    UnauthorizedOperation: 'account',
    IpInBlacklist: 'account',
    IpNotInWhitelist: 'account',
    ActionOffline: 'account',
    NoSuchProduct: 'account',
    NoSuchVersion: 'account',
    InvalidAction: 'account',
    UnsupportedProtocol: 'account',
    UnsupportedRegion: 'account',
  },
  otherwise: 'rejected',
})

/** A limit of one number or one country, not of the account: others of the same call may have gone out. */
export function isOfNumber(code: string): boolean {
  return /^LimitExceeded\.(PhoneNumber|DeliveryFrequencyLimit$|AppCountryOrRegion)/.test(code)
}
