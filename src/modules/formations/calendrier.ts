import type { FormationFiche } from './formation.ts'

/** RFC 5545, 3.1: a line holds at most 75 octets; what follows begins with a space. */
const LINE_OCTETS = 75

/**
 * The session as a calendar file (RFC 5545), in UTC, which every calendar shows in its own time.
 * @param contact how to reach the organisme, in one line
 * @param now when the file is made
 */
export function calendrier(formation: FormationFiche, contact: string, now: Date): string {
  const place = [formation.lieu, ...formation.adresse].join(', ')
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Parvis//Formations//FR',
    'CALSCALE:GREGORIAN',
    'BEGIN:VEVENT',
    `UID:${formation.id}`,
    `DTSTAMP:${utc(now)}`,
    `DTSTART:${utc(new Date(formation.debut))}`,
    `DTEND:${utc(new Date(formation.fin))}`,
    `SUMMARY:${escape(formation.titre)}`,
    `LOCATION:${escape(place)}`,
    `DESCRIPTION:${escape([formation.resume, contact].filter(Boolean).join('\n\n'))}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}

/** 20260203T083000Z */
function utc(instant: Date): string {
  return `${instant.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
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
