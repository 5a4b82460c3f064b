/** What both sides of the rows of AWS are given, and what AWS answers. */
export const aws = { region: 'eu-west-1', credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' } } as const

export function awsAnswer(action: string): string {
  const result = `<${action}Result><MessageId>0100018f</MessageId></${action}Result>`
  return `<${action}Response>${result}<ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></${action}Response>`
}

export const text = 'Order A1 is paid: ¥99.00. It is on its way to you.'
