import { setTimeout as sleep } from 'node:timers/promises'
import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { Secret, TOTP } from 'otpauth'
import { DEMO } from '../../src/kernel/config.ts'
import { type CaughtMail, caughtMails, listCaught } from '../../src/kernel/mail/caught.ts'
import type { Answer, Portal, Visitor } from './portal.ts'

/** Cheap hashes, and visitors who may come from any address: for tests of logging in. */
export const CHEAP = { PASSWORD_COST: 'm=256,t=1,p=1', TRUST_PROXY: 'loopback' }

let last = 0
/** An address that nobody has come from yet, in a network of its own. */
export function elsewhere(): string {
  last++
  return `203.${last >> 8}.${last & 255}.9`
}

/** Opens the log-in page and sends its form, from an address of its own unless told. */
export async function logIn(
  visitor: Visitor,
  identifiant: string,
  motDePasse: string = DEMO.password,
  more: { ip?: string; fields?: Record<string, string> } = {},
): Promise<Answer> {
  await visitor.get('/connexion')
  const from = { 'x-forwarded-for': more.ip ?? elsewhere() }
  return visitor.post('/connexion', { identifiant, motDePasse, ...more.fields }, from)
}

/** Whether the visitor is let into a page that wants a log-in. */
export async function isIn(visitor: Visitor): Promise<boolean> {
  return (await visitor.get('/profil')).status === 200
}

/** The summary and the field errors of a page, as one text. */
export function errorsOf({ text }: Answer): string {
  const summary =
    /<div class="avis avis-erreur resume-erreurs"[\s\S]*?<\/div>\s*<\/div>/.exec(text)?.[0] ?? ''
  return summary
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Forgets all counters: the next test begins with a clean sheet. */
export async function forgetTries(portal: Portal): Promise<void> {
  await portal.owner.query('delete from acces.tentatives')
}

/** The waits are over: what blocks is moved into the past, and the counts stay. */
export async function waitOver(portal: Portal): Promise<void> {
  await portal.owner.query(`update acces.tentatives set bloque_jusqu_a = now() - interval '1 second'
    where bloque_jusqu_a is not null`)
}

/** Waits until that many mails with this subject were caught, and gives them, the newest first. */
export async function mailsCaught(
  portal: Portal,
  organisme: string,
  subject: string,
  count: number,
): Promise<CaughtMail[]> {
  for (let i = 0; i < 200; i++) {
    const mails = await listCaught(caughtMails(portal.services.config), organisme)
    const ours = mails.filter((mail) => mail.objet === subject)
    if (ours.length >= count) return ours
    await sleep(50)
  }
  throw new Error(`no ${count} mails « ${subject} »`)
}

/** The path that the button of a mail leads to. */
export function pathOf(mail: CaughtMail): string {
  return new URL(mail.lien!).pathname
}

/** Does what the browser does when « Je ne suis pas un robot » is ticked. */
export async function solved(visitor: Visitor): Promise<string> {
  const challenge = JSON.parse((await visitor.get('/connexion/defi')).text) as Challenge
  const solution = await solveChallenge({ challenge, deriveKey })
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
}

/** The code of a secret (base32, blanks allowed) now; waits when the half minute is about to end. */
export async function codeNow(secret: string): Promise<string> {
  const left = 30_000 - (Date.now() % 30_000)
  if (left < 3000) await sleep(left + 50)
  return new TOTP({ secret: Secret.fromBase32(secret.replace(/\s/g, '')) }).generate()
}

/** Sets a second factor up through the pages. @returns its secret and its recovery codes. */
export async function setUpSecondFactor(
  visitor: Visitor,
  motDePasse: string = DEMO.password,
): Promise<{ secret: string; codes: string[]; answer: Answer }> {
  const page = await visitor.get('/profil/second-facteur')
  const secret = /<code class="marche-cle">([A-Z2-7 ]+)<\/code>/.exec(page.text)![1]!
  const answer = await visitor.post('/profil/second-facteur', { code: await codeNow(secret), motDePasse })
  const codes = [...answer.text.matchAll(/<li><code>([0-9A-Z-]{14})<\/code>/g)].map((match) => match[1]!)
  return { secret, codes, answer }
}
