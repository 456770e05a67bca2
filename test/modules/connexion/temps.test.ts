import { beforeAll, expect, it } from 'vitest'
import { CHEAP, elsewhere, forgetTries } from '../../support/connexion.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { hashPassword } from '../../../src/kernel/auth/password.ts'

let portal: Portal
let visitor: Visitor

beforeAll(async () => {
  // A hash that takes far longer than the difference allowed: whoever skips it is seen.
  portal = await startPortal({ env: { ...CHEAP, PASSWORD_COST: 'm=32768,t=1,p=1' } })
  const stored = await hashPassword(portal.services.config.passwordCost, 'une phrase que personne ne tape')
  await portal.owner.query('update acces.secrets set mot_de_passe = $1', [stored])
})

/** Five milliseconds; on a machine so busy that a post takes long, a fifth of it. */
const near = (found: number[]) => Math.max(5, Math.min(...found) / 5)

function median(list: number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!
}

/** Sends to each in turn, so that whatever else the machine does falls on all of them alike. */
async function medians(
  whom: string[],
  turns: number,
  send: (identifiant: string) => Promise<{ status: number }>,
): Promise<number[]> {
  const times = whom.map(() => [] as number[])
  visitor = portal.visitor()
  await visitor.get('/connexion')
  for (let turn = -5; turn < turns; turn++) {
    for (const [i, identifiant] of whom.entries()) {
      const begun = performance.now()
      await send(identifiant)
      if (turn >= 0) times[i]!.push(performance.now() - begun)
    }
    if (turn % 4 === 3) await forgetTries(portal)
  }
  return times.map(median)
}

const from = () => ({ 'x-forwarded-for': elsewhere() })

it('abuse 14: a forgotten password takes the same time for unknown, known and gone, within 5 ms', async () => {
  const found = await medians(['987654', '657', 'COL4'], 60, (identifiant) =>
    visitor.post('/mot-de-passe-oublie', { identifiant }, from()),
  )
  expect(Math.max(...found) - Math.min(...found), found.join(' ')).toBeLessThan(near(found))
}, 60_000)

it('a wrong password takes the same time for a number that exists and one that does not, within 5 ms', async () => {
  const found = await medians(['987654', '657', 'COL4'], 24, async (identifiant) => {
    const answer = await visitor.post('/connexion', { identifiant, motDePasse: 'faux' }, from())
    expect([422, 429]).toContain(answer.status)
    return answer
  })
  expect(Math.max(...found) - Math.min(...found), found.join(' ')).toBeLessThan(near(found))
}, 60_000)
