/** Whether that instant is still ahead; a second early counts as there, so that a timer that fires early does not turn round. */
export function waiting(at: Date, now: Date): boolean {
  return at.getTime() - now.getTime() > 1_000
}
