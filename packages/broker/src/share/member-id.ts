/** A uuid in its long form has as many characters. */
const memberIdLengthMax = 36;

/** Whether a request of a share group's member names one, as Apache Kafka checks it. */
export function isShareMemberId(memberId: string | null): memberId is string {
  return memberId !== null && memberId.length > 0 && memberId.length <= memberIdLengthMax;
}
