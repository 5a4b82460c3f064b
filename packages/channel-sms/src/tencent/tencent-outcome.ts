import { createOutcomes, type OutcomeOf } from '@reachkit/driver-kit'

/**
 * What a code of Tencent Cloud's SMS service means: of a whole call, or of one number. A template or signature that is
 * not approved is the account's fault: a person repairs it in the console, and other messages meet the same. Two codes
 * are misspelt by the vendor.
 */
export const tencentOutcome: OutcomeOf = createOutcomes({
  vendor: 'tencent',
  document:
    'Tencent Cloud SMS, "API 3.0 sending error codes" (https://cloud.tencent.com/document/api/382/59177) and "Error codes" (https://cloud.tencent.com/document/api/382/52075)',
  codes: {
    'InvalidParameterValue.IncorrectPhoneNumber': 'invalid-address',
    'FailedOperation.PhoneNumberInBlacklist': 'rejected', // who has opted out, or a list of the carriers
    'FailedOperation.ContainSensitiveWord': 'rejected',
    'FailedOperation.FailResolvePacket': 'rejected',
    'FailedOperation.JsonParseFail': 'rejected',
    'FailedOperation.OtherError': 'rejected',
    'FailedOperation.ParametersOtherError': 'rejected',
    'FailedOperation.MarketingSendTimeConstraint': 'retry-later', // marketing goes out from 8 to 22 only
    'FailedOperation.InsufficientBalanceInSmsPackage': 'account',
    'FailedOperation.NotEnterpriseCertification': 'account',
    'FailedOperation.SignatureIncorrectOrUnapproved': 'account',
    'FailedOperation.TemplateIncorrectOrUnapproved': 'account',
    'InvalidParameter.DirtyWordFound': 'rejected',
    'InvalidParameter.AppidAndBizId': 'account',
    'InvalidParameterValue.ContentLengthLimit': 'rejected',
    'InvalidParameterValue.TemplateParameterFormatError': 'rejected',
    'InvalidParameterValue.TemplateParameterLengthLimit': 'rejected',
    'InvalidParameterValue.ProhibitedUseUrlInTemplateParameter': 'rejected',
    'InvalidParameterValue.SdkAppIdNotExist': 'account',
    'LimitExceeded.DeliveryFrequencyLimit': 'retry',
    'LimitExceeded.PhoneNumberThirtySecondLimit': 'retry',
    'LimitExceeded.PhoneNumberOneHourLimit': 'retry-later',
    'LimitExceeded.PhoneNumberDailyLimit': 'retry-later',
    'LimitExceeded.PhoneNumberSameContentDailyLimit': 'retry-later',
    'LimitExceeded.AppDailyLimit': 'retry-later',
    'LimitExceeded.DailyLimit': 'retry-later',
    'LimitExceeded.PhoneNumberCountLimit': 'rejected',
    'UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber': 'rejected',
    'UnsupportedOperation.UnsuportedRegion': 'rejected',
    'UnauthorizedOperation.IndividualUserMarketingSmsPermissionDeny': 'account',
    'UnauthorizedOperation.RequestIpNotInWhitelist': 'account',
    'UnauthorizedOperation.RequestPermissionDeny': 'account',
    'UnauthorizedOperation.SdkAppIdIsDisabled': 'account',
    'UnauthorizedOperation.SerivceSuspendDueToArrears': 'account',
    'UnauthorizedOperation.SmsSdkAppIdVerifyFail': 'account',
    'InternalError.SigVerificationFail': 'account',
    'InternalError.SigFieldMissing': 'account',
    'InternalError.RestApiInterfaceNotExist': 'account',
    'InternalError.RequestTimeException': 'account', // the clocks differ by more than 10 minutes
    'InternalError.Timeout': 'unknown',
    'InternalError.SendAndRecvFail': 'unknown',
    'InternalError.OtherError': 'unknown',
    'InternalError.UnknownError': 'unknown',
    'InternalError.JsonParseFail': 'rejected',
    InternalError: 'unknown',
    'AuthFailure.InvalidAuthorization': 'account',
    'AuthFailure.InvalidSecretId': 'account',
    'AuthFailure.MFAFailure': 'account',
    'AuthFailure.SecretIdNotFound': 'account',
    'AuthFailure.SignatureExpire': 'account',
    'AuthFailure.SignatureFailure': 'account',
    'AuthFailure.TokenFailure': 'account',
    'AuthFailure.UnauthorizedOperation': 'account',
    UnauthorizedOperation: 'account',
    IpInBlacklist: 'account',
    IpNotInWhitelist: 'account',
    NoSuchProduct: 'account',
    NoSuchVersion: 'account',
    InvalidAction: 'account',
    LimitExceeded: 'retry-later',
    RequestLimitExceeded: 'retry',
    'RequestLimitExceeded.GlobalRegionUinLimitExceeded': 'retry',
    'RequestLimitExceeded.IPLimitExceeded': 'retry',
    'RequestLimitExceeded.UinLimitExceeded': 'retry',
    ServiceUnavailable: 'unknown',
  },
  otherwise: 'rejected',
})

/** A limit of one number, not of the account: others of the same call may have gone out. */
export function isOfNumber(code: string): boolean {
  return code.startsWith('LimitExceeded.PhoneNumber') || code === 'LimitExceeded.DeliveryFrequencyLimit'
}
