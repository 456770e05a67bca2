/*
 * Calendar files (RFC 5545), in UTF-8: what every calendar program imports or subscribes to.
 */

export interface IcsEvent {
  /** The same event has the same uid each time it is written. */
  uid: string
  /** An instant with its end, or a whole day 'AAAA-MM-JJ'. */
  at: { debut: Date; fin: Date } | { jour: string }
  titre: string
  lieu?: string | undefined
  texte?: string | undefined
  url?: string | undefined
}

export interface IcsCalendar {
  /** Of the product identifier: what wrote it. */
  produit: string
  /** Shown by programs that subscribe. */
  nom?: string
  /** Hours between two readings, as a wish. */
  chaqueHeures?: number
  evenements: readonly IcsEvent[]
}

/** RFC 5545, 3.1: a line holds at most 75 octets; what follows begins with a space. */
const LINE_OCTETS = 75

/** The text of a calendar file. @param now when it is made */
export function writeIcs(calendar: IcsCalendar, now: Date): string {
  const { nom, chaqueHeures } = calendar
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `PRODID:-//Parvis//${calendar.produit}//FR`,
    'CALSCALE:GREGORIAN',
    ...(nom === undefined ? [] : [`NAME:${escape(nom)}`, `X-WR-CALNAME:${escape(nom)}`]),
    // RFC 7986, 5.7; the older name is the one that programs read.
    ...(chaqueHeures === undefined
      ? []
      : [`REFRESH-INTERVAL;VALUE=DURATION:PT${chaqueHeures}H`, `X-PUBLISHED-TTL:PT${chaqueHeures}H`]),
    ...calendar.evenements.flatMap((event) => eventLines(event, now)),
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}

function eventLines(event: IcsEvent, now: Date): string[] {
  const { at, lieu, texte, url } = event
  return [
    'BEGIN:VEVENT',
    `UID:${escape(event.uid)}`,
    `DTSTAMP:${utc(now)}`,
    ...('jour' in at
      ? [
          `DTSTART;VALUE=DATE:${at.jour.replaceAll('-', '')}`,
          `DTEND;VALUE=DATE:${dayAfter(at.jour)}`,
          // A due day takes nobody's time.
          'TRANSP:TRANSPARENT',
        ]
      : [`DTSTART:${utc(at.debut)}`, `DTEND:${utc(at.fin)}`]),
    `SUMMARY:${escape(event.titre)}`,
    ...(lieu ? [`LOCATION:${escape(lieu)}`] : []),
    ...(texte ? [`DESCRIPTION:${escape(texte)}`] : []),
    ...(url ? [`URL:${url}`] : []),
    'END:VEVENT',
  ]
}

/** 20260203T083000Z */
function utc(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00:00Z`).getTime() + 86_400_000
  return new Date(next).toISOString().slice(0, 10).replaceAll('-', '')
}

/** RFC 5545, 3.3.11: text. Other control characters have no place in it. */
function escape(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\p{Cc}/gu, '')
}

/** By octets, and never inside a character. */
function fold(line: string): string {
  let folded = ''
  let room = LINE_OCTETS
  for (const character of line) {
    const octets = Buffer.byteLength(character)
    if (octets > room) {
      folded += '\r\n '
      room = LINE_OCTETS - 1
    }
    folded += character
    room -= octets
  }
  return folded
}
