/** Under which id PagerDuty or Opsgenie knows a service, by the id itself or the address of its page; none where neither stands there. */
export function onCallIds(
  tool: 'pagerduty' | 'opsgenie',
  idOrAddress: string | undefined,
): readonly string[] {
  const id =
    /^(?:https?:\/\/[^/]+\/(?:.*\/)?(?:services?|service-directory)\/)?([a-z\d-]{5,64})\/?(?:[?#].*)?$/i.exec(
      idOrAddress?.slice(0, 500).trim() ?? '',
    )?.[1];
  return id === undefined ? [] : [`${tool}:${id.toLowerCase()}`];
}
