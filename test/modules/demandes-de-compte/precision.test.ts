import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'

let portal: Portal
let maud: Visitor

const LISTE = '/gestion/demandes'

beforeAll(async () => {
  portal = await startPortal()
  maud = await portal.login('estuaire', 'agent@estuaire.example')
})

beforeEach(async () => {
  await portal.owner.query(
    'delete from demandes_de_compte; delete from courriels; delete from acces.tentatives',
  )
})

async function rows<T>(text: string, values: unknown[] = []): Promise<T[]> {
  return (await portal.owner.query(text, values)).rows as T[]
}

/** A visitor asks for an account, `days` ago. @returns the ids of his request and of its line in the inbox */
async function request(
  nom: string,
  days = 0,
  organisme = 'estuaire',
): Promise<{ id: string; ligne: string }> {
  const [made] = await rows<{ id: string; ligne: string }>(
    `with d as (insert into demandes_de_compte (organisme_id, genre, nom, prenom, courriel, demande_le)
       select id, 'nouveau-compte', $2, 'Ysaline', 'ysaline@nulle-part.example', now() - $3::int * interval '1 day'
       from plateforme.organismes where code = $1 returning id)
     select id, null as ligne from d`,
    [organisme, nom, days],
  )
  const [line] = await rows<{ id: string }>('select id from demandes where objet_id = $1', [made!.id])
  return { id: made!.id, ligne: line!.id }
}

/** Asks and gives the address that the mail holds. */
async function askAbout(ligne: string, message = 'Dans quel cabinet travaillez-vous ?'): Promise<string> {
  const asked = await maud.post(`${LISTE}/${ligne}/precision`, { message })
  expect(asked.status, asked.text.slice(0, 300)).toBe(303)
  const [mail] = await rows<{ donnees: { lien: string } }>(
    'select donnees from courriels order by cree_le desc limit 1',
  )
  return mail!.donnees.lien
}

/** The names of the inbox, in its order. */
async function names(): Promise<string[]> {
  const { text } = await maud.get(`${LISTE}?genre=compte`)
  return [...text.matchAll(/data-libelle="De"><span class="text-break">Ysaline ([^<]+)/g)].map((m) =>
    m[1]!.trim(),
  )
}

/** A visitor whose browser has a session, and its token, from another page. */
async function stranger(organisme = 'estuaire'): Promise<Visitor> {
  const visitor = portal.visitor(organisme)
  await visitor.get('/demande-de-compte')
  return visitor
}

const etatOf = async (ligne: string) =>
  (await rows<{ etat: string }>('select etat from demandes where id = $1', [ligne]))[0]!.etat

describe('« Demander une précision » to a visitor', () => {
  it('he reads the question by his own link, answers once, and his request comes back first', async () => {
    const older = await request('Ancienne', 9)
    const { id, ligne } = await request('Demandeuse', 2)
    await request('Nouvelle', 1)
    expect(await names()).toEqual(['Ancienne', 'Demandeuse', 'Nouvelle'])
    const form = await maud.get(`${LISTE}/${ligne}/precision`)
    expect(form.text).toContain('Elle n’est pas encore reconnue')
    expect(checkHtml(form.text)).toEqual([])
    const link = await askAbout(ligne)
    const [mail] = await rows<{ modele: string; destinataire: string }>('select * from courriels')
    expect(mail).toMatchObject({ modele: 'compte-precision', destinataire: 'ysaline@nulle-part.example' })
    expect(JSON.stringify(mail)).not.toContain('cabinet travaillez')
    expect(await names()).toEqual(['Ancienne', 'Nouvelle'])

    const ysaline = portal.visitor()
    const page = await ysaline.get(link)
    expect(page.status).toBe(200)
    expect(page.text).toContain('Dans quel cabinet travaillez-vous ?')
    expect(page.text).not.toContain('Demandeuse')
    expect(checkHtml(page.text)).toEqual([])
    expect((await ysaline.get(link)).text).toContain('name="reponse"')
    expect((await ysaline.post(link, { reponse: ' ' })).status).toBe(422)
    expect((await ysaline.post(link, { reponse: 'x'.repeat(2001) })).status).toBe(422)
    expect((await ysaline.post(link, { reponse: 'Chez <b>Vauquelin</b>.\r\nDepuis mars.' })).status).toBe(303)
    const thanked = await ysaline.get(link)
    expect(thanked.text).toContain('nous est bien parvenue')
    expect(checkHtml(thanked.text)).toEqual([])

    expect(await names()).toEqual(['Demandeuse', 'Ancienne', 'Nouvelle'])
    expect((await maud.get(`${LISTE}?genre=compte`)).text).toContain('Précision reçue')
    const read = await maud.get(`/gestion/demandes-de-compte/${id}`)
    expect(read.text).toContain('Chez &lt;b&gt;Vauquelin&lt;/b&gt;.\nDepuis mars.')
    expect(read.text).toContain('Précision reçue par Ysaline Demandeuse')
    expect(checkHtml(read.text)).toEqual([])
    // The next of the first is the oldest.
    expect(/rel="next" href="\/gestion\/demandes\/([^"]+)"/.exec(read.text)?.[1]).toBe(older.ligne)

    const late = await ysaline.post(link, { reponse: 'Autre chose' })
    expect(late.status).toBe(422)
    expect(late.text).toContain('nous est bien parvenue')
    const answers = await rows<{ reponse: string }>('select reponse from precisions_de_compte')
    expect(answers).toEqual([{ reponse: 'Chez <b>Vauquelin</b>.\nDepuis mars.' }])
    const noted = await rows<{ action: string; role: string }>(
      `select action, role from journal where action in ('demande.precision', 'demande-de-compte.precisee') order by numero`,
    )
    expect(noted).toEqual([
      { action: 'demande.precision', role: 'permanent' },
      { action: 'demande-de-compte.precisee', role: 'anonyme' },
    ])
  })

  it('says calmly why a link is closed: replaced, out of date, decided meanwhile', async () => {
    const { id, ligne } = await request('Patiente')
    const visitor = await stranger()
    const first = await askAbout(ligne)
    const second = await askAbout(ligne, 'Et depuis quand ?')
    const closed = async (link: string, sentence: string) => {
      const page = await visitor.get(link)
      expect([page.status, page.text.includes('name="reponse"')]).toEqual([200, false])
      expect(page.text).toContain(sentence)
      expect(checkHtml(page.text)).toEqual([])
      expect((await visitor.post(link, { reponse: 'Trop tard' })).status).toBe(422)
      expect(await rows('select 1 from precisions_de_compte where repondue_le is not null')).toEqual([])
    }
    await closed(first, 'avec le lien du courriel le plus récent')
    await portal.owner.query(`update precisions_de_compte set expire_le = now() - interval '1 day'`)
    await closed(second, 'Ce lien a expiré le')
    const page = await maud.get(`/gestion/demandes-de-compte/${id}`)
    expect(page.text).toContain('Sans réponse : le lien a expiré le')
    const third = await askAbout(ligne, 'Toujours là ?')
    await maud.post(`/gestion/demandes-de-compte/${id}/refus`, { motif: 'Injoignable.' })
    await closed(third, 'a été traitée entre-temps')
    expect(await etatOf(ligne)).toBe('traitee')
    expect((await maud.post(`${LISTE}/${ligne}/precision`, { message: 'Encore ?' })).status).toBe(422)
  })

  it('lives thirty days, and opens nothing on the host of another organisme or with another secret', async () => {
    const { ligne } = await request('Ailleurs')
    const link = await askAbout(ligne)
    const [lives] = await rows<{ jours: number }>(
      `select extract(day from expire_le - posee_le)::int as jours from precisions_de_compte`,
    )
    expect([29, 30]).toContain(lives!.jours)
    const neighbour = await stranger('midi')
    expect((await neighbour.get(link)).status).toBe(404)
    expect((await neighbour.post(link, { reponse: 'Moi' })).status).toBe(404)
    expect((await portal.visitor().get(`/demande-de-compte/precision/${'A'.repeat(43)}`)).status).toBe(404)
    expect((await portal.visitor().get('/demande-de-compte/precision/court')).status).toBe(404)
    expect(await etatOf(ligne)).toBe('precision')
  })

  it('two answers at once: one is kept, and the other is told so', async () => {
    const { ligne } = await request('Pressée')
    const link = await askAbout(ligne)
    const two = await Promise.all([stranger(), stranger()])
    const answers = await Promise.all(two.map((one, i) => one.post(link, { reponse: `Réponse ${i}` })))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422])
    expect(await rows('select 1 from precisions_de_compte where repondue_le is not null')).toHaveLength(1)
    expect(
      await rows(`select 1 from demande_mouvements where demande_id = $1 and quoi = 'precisee'`, [ligne]),
    ).toHaveLength(1)
  })

  it('is asked by those who decide such requests, of the same organisme', async () => {
    const { ligne } = await request('Réservée')
    const foreign = await portal.login('midi', 'agent@midi.example')
    expect((await foreign.post(`${LISTE}/${ligne}/precision`, { message: 'Qui ?' })).status).toBe(404)
    const cabinet = await portal.login('estuaire', 'CNS1')
    expect((await cabinet.post(`${LISTE}/${ligne}/precision`, { message: 'Qui ?' })).status).toBe(403)
    expect(await rows('select 1 from precisions_de_compte')).toEqual([])
  })
})
