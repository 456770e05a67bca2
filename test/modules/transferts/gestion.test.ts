import { beforeAll, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { plain } from './stored.ts'

let portal: Portal
let solene: Visitor
let maud: Visitor

beforeAll(async () => {
  portal = await startPortal()
  solene = await portal.login('estuaire', '657')
  maud = await portal.login('estuaire', 'agent@estuaire.example')
})

interface Sent {
  id: string
  accuse: string
  fichier: string
}

async function send(who: Visitor = solene, genre = 'balance'): Promise<Sent> {
  const answer = await who.upload('/transferts', { genre, message: '' }, [
    { field: 'fichiers', name: 'balance.csv', content: 'Compte;Débit\n512000;10\n' },
  ])
  expect(answer.status).toBe(303)
  const id = String(answer.headers.location).replace('/transferts/', '')
  const { rows } = await portal.owner.query<Sent>(
    `select t.id, t.accuse, l.fichier_id as fichier from transferts t
     join transferts_fichiers l on l.transfert_id = t.id where t.id = $1`,
    [id],
  )
  return rows[0]!
}

async function state(id: string) {
  const { rows } = await portal.owner.query<{
    pris: boolean
    refuse: boolean
    motif: string
    par: string | null
  }>(
    `select t.pris_en_compte_le is not null as pris, t.refuse_le is not null as refuse, t.motif, u.login as par
     from transferts t left join utilisateurs u on u.id = t.decide_par where t.id = $1`,
    [id],
  )
  return rows[0]!
}

async function scanned(fichier: string, verdict: string): Promise<void> {
  await portal.owner.query('update fichiers set antivirus = $2 where id = $1', [fichier, verdict])
}

/** Acknowledgements of a list, in its order. */
function accuses(html: string): string[] {
  return [...html.matchAll(/>(T-\d{4}-\d{6})<\/a>/g)].map((match) => match[1]!)
}

describe('the list of the staff', () => {
  it('shows first what waits, newest first, with the number that the menu shows', async () => {
    const a = await send()
    const b = await send()
    const page = await maud.get('/gestion/transferts')
    expect(page.status).toBe(200)
    expect(accuses(page.text).slice(0, 2)).toEqual([b.accuse, a.accuse])
    expect(page.text).not.toContain('refusé</span>')
    expect(checkHtml(page.text)).toEqual([])
    const { rows } = await portal.owner.query<{ n: string }>(
      `select count(*) as n from transferts t join plateforme.organismes o on o.id = t.organisme_id
       where o.code = 'estuaire' and decide_par is null`,
    )
    const entry = /href="\/gestion\/transferts"[^]*?compte-pastille">(\d+)</.exec(page.text)
    expect(entry?.[1]).toBe(rows[0]!.n)
    expect(accuses(page.text)).toHaveLength(Number(rows[0]!.n))
  })

  it('filters by state and by type', async () => {
    const refused = await maud.get('/gestion/transferts?etat=refuse')
    expect(refused.text).toContain('pastille-erreur">refusé')
    expect(refused.text).not.toContain('pastille-cours">reçu')
    const taken = await maud.get('/gestion/transferts?etat=pris_en_compte&genre=liasse')
    expect(accuses(taken.text)).toHaveLength(1)
    expect(accuses((await maud.get('/gestion/transferts?etat=pris_en_compte&genre=fec')).text)).toEqual([])
    const waiting = await send()
    await scanned(waiting.fichier, 'en_attente')
    expect(accuses((await maud.get('/gestion/transferts?etat=en_analyse')).text)).toEqual([waiting.accuse])
    await scanned(waiting.fichier, 'sans_objet')
  })

  it('finds by number of acknowledgement, by number and by name of the adhérent, whatever the state', async () => {
    const ines = await portal.login('estuaire', '940')
    const one = await send(ines)
    const find = async (q: string) =>
      accuses((await maud.get(`/gestion/transferts?q=${encodeURIComponent(q)}`)).text)
    expect(await find(one.accuse)).toEqual([one.accuse])
    expect(await find(one.accuse.toLowerCase().replace('t-', 't '))).toEqual([one.accuse])
    expect(await find(`${one.accuse.slice(2, 6)}-${Number(one.accuse.slice(7))}`)).toEqual([one.accuse])
    expect(await find('940')).toContain(one.accuse)
    expect(await find('94')).toContain(one.accuse)
    expect(await find('delmasure')).toContain(one.accuse)
    expect(await find('INÈS')).toContain(one.accuse)
    expect(await find('carriveau')).not.toContain(one.accuse)
    expect((await find('carriveau')).length).toBeGreaterThan(2)
    expect(await find('personne ici')).toEqual([])
    expect(await find("x' or 1=1 --")).toEqual([])
    expect(await find('%')).toEqual([])
  })

  it('reads on page by page, without losing or repeating one', async () => {
    await portal.owner.query(
      `insert into transferts (organisme_id, annee, numero, adherent_id, genre, depose_par)
       select u.organisme_id, 2001, n, u.adherent_id, 'autre', u.id
       from utilisateurs u join plateforme.organismes o on o.id = u.organisme_id, generate_series(1, 120) as n
       where o.code = 'estuaire' and u.login = '940'`,
    )
    const seen: string[] = []
    let path: string | undefined = '/gestion/transferts?etat=tous&genre=autre'
    for (let pages = 0; path !== undefined && pages < 9; pages++) {
      const { text } = await maud.get(path)
      seen.push(...accuses(text))
      path = /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(seen.filter((accuse) => accuse.startsWith('T-2001'))).toHaveLength(120)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual([...seen].sort().reverse())
    await portal.owner.query('delete from transferts where annee = 2001')
  })
})

describe('the decision of the staff', () => {
  it('takes a transfer into account: the sender sees it and is told, the journal says who', async () => {
    const sent = await send()
    expect((await maud.post(`/gestion/transferts/${sent.id}/prise-en-compte`)).status).toBe(303)
    expect(await state(sent.id)).toEqual({
      pris: true,
      refuse: false,
      motif: '',
      par: 'agent@estuaire.example',
    })
    expect((await solene.get(`/transferts/${sent.id}`)).text).toContain('pastille-succes">pris en compte')
    const fiche = plain((await maud.get(`/gestion/transferts/${sent.id}`)).text)
    expect(fiche).toContain('par Maud Lescarret')
    expect(fiche).not.toContain('Marquer pris en compte')
    const mails = await portal.owner.query('select donnees from courriels where cle like $1', [
      `transfert-traite:${sent.id}:%`,
    ])
    expect(mails.rows).toEqual([{ donnees: { lien: `/transferts/${sent.id}`, resultat: 'pris_en_compte' } }])
    const journal = await portal.owner.query(
      `select action, acteur, detail from journal where objet_id = $1 and role = 'permanent'`, [sent.id]) // prettier-ignore
    expect(journal.rows).toEqual([
      {
        action: 'gestion.transferts.take',
        acteur: 'Maud Lescarret (agent@estuaire.example)',
        detail: { accuse: sent.accuse },
      },
    ])
  })

  it('refuses with a reason that the sender reads', async () => {
    const sent = await send()
    const form = await maud.get(`/gestion/transferts/${sent.id}/refus`)
    expect(checkHtml(form.text)).toEqual([])
    const empty = await maud.post(`/gestion/transferts/${sent.id}/refus`, { motif: '  ' })
    expect(empty.status).toBe(422)
    expect(empty.text).toContain('Indiquez le motif du refus.')
    expect((await state(sent.id)).refuse).toBe(false)
    const motif = 'Il manque la page 2.\r\nRenvoyez le tout.'
    expect((await maud.post(`/gestion/transferts/${sent.id}/refus`, { motif })).status).toBe(303)
    expect(await state(sent.id)).toMatchObject({
      refuse: true,
      motif: 'Il manque la page 2.\nRenvoyez le tout.',
    })
    const page = await solene.get(`/transferts/${sent.id}`)
    expect(page.text).toContain('Il manque la page 2.\nRenvoyez le tout.')
    expect(page.text).toContain('pastille-erreur">refusé')
    expect(checkHtml(page.text)).toEqual([])
    const mails = await portal.owner.query('select donnees from courriels where cle like $1', [
      `transfert-traite:${sent.id}:%`,
    ])
    expect(mails.rows).toEqual([{ donnees: { lien: `/transferts/${sent.id}`, resultat: 'refuse' } }])
  })

  it('is made once when two decide at the same time', async () => {
    const sent = await send()
    const gaspard = await portal.login('estuaire', 'admin@estuaire.example')
    const [a, b] = await Promise.all([
      maud.post(`/gestion/transferts/${sent.id}/prise-en-compte`),
      gaspard.post(`/gestion/transferts/${sent.id}/refus`, { motif: 'Illisible.' }),
    ])
    expect([a.status, b.status].sort()).toEqual([303, 422])
    const loser = a.status === 422 ? a : b
    expect(plain(loser.text)).toMatch(
      /Ce transfert a déjà été (pris en compte|refusé) par (Maud Lescarret|Gaspard Thévenin), le /,
    )
    const mails = await portal.owner.query('select 1 from courriels where cle like $1', [
      `transfert-traite:${sent.id}:%`,
    ])
    expect(mails.rowCount).toBe(1)
    expect((await maud.get(`/gestion/transferts/${sent.id}/refus`)).status).toBe(422)
  })

  it('waits for the antivirus, and never takes a virus into account', async () => {
    const sent = await send()
    await scanned(sent.fichier, 'en_attente')
    const early = await maud.post(`/gestion/transferts/${sent.id}/prise-en-compte`)
    expect(early.status).toBe(422)
    expect(early.text).toContain('L’antivirus n’a pas fini')
    expect((await solene.get(`/transferts/${sent.id}`)).text).toContain('en cours d’analyse')
    const download = await maud.get(`/gestion/transferts/${sent.id}/fichiers/${sent.fichier}`)
    expect(download.status).toBe(422)
    await scanned(sent.fichier, 'infecte')
    const infected = await maud.post(`/gestion/transferts/${sent.id}/prise-en-compte`)
    expect(infected.status).toBe(422)
    expect(infected.text).toContain('contient un virus')
    expect((await maud.get(`/gestion/transferts/${sent.id}/fichiers/${sent.fichier}`)).status).toBe(422)
    expect((await solene.get(`/transferts/${sent.id}/fichiers/${sent.fichier}`)).status).toBe(422)
    expect(await state(sent.id)).toMatchObject({ pris: false, refuse: false })
    expect((await maud.post(`/gestion/transferts/${sent.id}/refus`, { motif: 'Virus.' })).status).toBe(303)
  })

  it('downloads a file, with a row of the journal each time', async () => {
    const sent = await send()
    const path = `/gestion/transferts/${sent.id}/fichiers/${sent.fichier}`
    for (const _ of [1, 2]) expect((await maud.get(path)).text).toBe('Compte;Débit\n512000;10\n')
    const { rows } = await portal.owner.query<{ role: string; adherent: string }>(
      `select j.role, a.numero as adherent from journal j join adherents a on a.id = j.adherent_id
       where j.objet_id = $1 and j.action = 'transferts.download'`, [sent.id]) // prettier-ignore
    expect(rows).toEqual([{ role: 'permanent', adherent: '657' }, { role: 'permanent', adherent: '657' }]) // prettier-ignore
  })
})

describe('who else', () => {
  it.each([
    ['get', ''],
    ['get', '/refus'],
    ['get', '/fichiers/FICHIER'],
    ['post', '/prise-en-compte'],
    ['post', '/refus'],
  ] as const)(
    'answers 404 to the staff of another organisme: %s /gestion/transferts/:id%s',
    async (method, tail) => {
      const sent = await send()
      const firmin = await portal.login('midi', 'agent@midi.example')
      const path = `/gestion/transferts/${sent.id}${tail.replace('FICHIER', sent.fichier)}`
      const answer =
        method === 'get'
          ? await firmin.get(path)
          : await firmin.post(path, tail === '/refus' ? { motif: 'Non.' } : {})
      expect(answer.status).toBe(404)
      expect(await state(sent.id)).toEqual({ pris: false, refuse: false, motif: '', par: null })
    },
  )

  it('answers 403 to whoever is not staff', async () => {
    const sent = await send()
    const cabinet = await portal.login('estuaire', 'CNS1')
    for (const who of [solene, cabinet]) {
      expect((await who.get('/gestion/transferts')).status).toBe(403)
      expect((await who.get(`/gestion/transferts/${sent.id}/fichiers/${sent.fichier}`)).status).toBe(403)
      expect((await who.post(`/gestion/transferts/${sent.id}/prise-en-compte`)).status).toBe(403)
    }
    expect((await state(sent.id)).pris).toBe(false)
  })
})
