/** The thing does not exist for this person: the kernel answers 404. */
export class NotFound extends Error {
  override name = 'NotFound'
}

/** This role may not: 403. */
export class Forbidden extends Error {
  override name = 'Forbidden'
}

/**
 * It may not happen now, or not like this. The sentence is French and shown as it is;
 * the kernel shows the form again with what was typed, status 422.
 */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly field: string | undefined
  readonly status: 400 | 413 | 422 = 422
  constructor(sentence: string, field?: string) {
    super(sentence)
    this.field = field
  }
}

/** Too many tries: 429, with the seconds to wait. */
export class TooMany extends Error {
  override name = 'TooMany'
  readonly retryAfter: number
  constructor(sentence: string, retryAfterSeconds: number) {
    super(sentence)
    this.retryAfter = retryAfterSeconds
  }
}

/** A part that we lean on does not answer (database, storage, disk): 503, nothing was written. */
export class Unavailable extends Error {
  override name = 'Unavailable'
}

/** A rule of our own code was broken; never shown to anybody. */
export class Defect extends Error {
  override name = 'Defect'
}
