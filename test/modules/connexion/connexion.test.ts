import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CHEAP, elsewhere, errorsOf, forgetTries, isIn, logIn } from '../../support/connexion.ts'
import { checkHtml } from '../../support/html.ts'
import { type Portal, startPortal } from '../../support/portal.ts'

let portal: Portal

beforeAll(async () => {
  portal = await startPortal({ env: CHEAP })
})
beforeEach(() => forgetTries(portal))

const checked = (text: string) => /<input[^>]*name="statut"[^>]*checked/.exec(text)?.[0]

describe('the log-in page', () => {
  it('F1: the way in from the public site opens the log-in window', async () => {
    const first = await portal.visitor().get('/')
    expect(first.status).toBe(303)
    expect(first.headers.location).toBe('/connexion')
    const page = await portal.visitor().get('/connexion')
    expect(page.status).toBe(200)
    expect(checkHtml(page.text)).toEqual([])
  })

  it('F2: asks « Vous êtes… », an adhérent or a cabinet d’expertise comptable, each with its image', async () => {
    const { text } = await portal.visitor().get('/connexion')
    expect(text).toContain('Vous êtes…')
    expect(text).toMatch(/#users-group"\/><\/svg>Adhérent/)
    expect(text).toMatch(/#briefcase"\/><\/svg>Cabinet d’expertise comptable/)
  })

  it('F3: chooses for nobody, and remembers the last choice on that browser', async () => {
    const visitor = portal.visitor()
    expect(checked((await visitor.get('/connexion')).text)).toBeUndefined()
    await logIn(visitor, 'CNS1', undefined, { fields: { statut: 'cabinet' } })
    await visitor.post('/deconnexion')
    const again = await logOutAndLook(visitor)
    expect(checked(again)).toContain('value="cabinet"')
  })

  it.each([
    [
      'adherent',
      'CNS1',
      '« CNS1 » est un identifiant de cabinet : choisissez « Cabinet d’expertise comptable ».',
    ],
    ['adherent', 'cns 2', '« cns2 » est un identifiant de cabinet'],
    ['adherent', 'COL14', '« COL14 » est un identifiant de collaborateur'],
    ['cabinet', '657', '« 657 » est un numéro d’adhérent : choisissez « Adhérent ».'],
    ['cabinet', '999999', '« 999999 » est un numéro d’adhérent : choisissez « Adhérent ».'],
    ['permanent', '657', 'Les permanents se connectent avec leur adresse électronique.'],
  ])(
    'F3: as %s, « %s » gets a helpful sentence, never a bare « incorrect »',
    async (statut, identifiant, sentence) => {
      const answer = await logIn(portal.visitor(), identifiant, undefined, { fields: { statut } })
      expect(answer.status).toBe(422)
      expect(errorsOf(answer).replaceAll('\u00a0', ' ')).toContain(sentence)
    },
  )

  it('F4: asks for « N° » and « Mot de passe », and its button is « Se connecter »', async () => {
    const { text } = await portal.visitor().get('/connexion')
    expect(text).toMatch(/<label class="form-label" for="champ-identifiant">N°<\/label>/)
    expect(text).toMatch(/<label class="form-label" for="champ-motDePasse">Mot de passe<\/label>/)
    expect(text).toMatch(/<button class="btn btn-primary" type="submit">Se connecter<\/button>/)
  })

  it('F5: has the link « Mot de passe oublié ? », and those of the lost identifiers and of the account request', async () => {
    const { text } = await portal.visitor().get('/connexion')
    expect(text.replaceAll('\u00a0', ' ')).toContain(
      '<a href="/mot-de-passe-oublie">Mot de passe oublié ?</a>',
    )
    expect(text).toContain('<a href="/identifiants-perdus">Identifiants perdus</a>')
    expect(text).toContain('<a href="/demande-de-compte">Demande de compte</a>')
  })

  it('F126: where the identifier is the e-mail address, there is nothing to choose', async () => {
    for (const organisme of ['sillage', 'plateforme']) {
      const { text } = await portal.visitor(organisme).get('/connexion')
      expect(text).not.toContain('name="statut"')
      expect(text).toMatch(/<input class="form-control" type="email" id="champ-identifiant"/)
    }
    const visitor = portal.visitor('sillage')
    expect((await logIn(visitor, 'agent@rocheval.example')).status).toBe(303)
    expect(await isIn(visitor)).toBe(true)
  })

  it('lets staff in by a discreet link that asks for the address', async () => {
    const visitor = portal.visitor()
    expect((await visitor.get('/connexion')).text).toContain('<a href="/connexion?statut=permanent">')
    const { text } = await visitor.get('/connexion?statut=permanent')
    expect(text).toContain('<input type="hidden" name="statut" value="permanent">')
    expect(text).toContain('type="email"')
    const answer = await logIn(visitor, 'agent@estuaire.example', undefined, {
      fields: { statut: 'permanent' },
    })
    expect(answer.headers.location).toBe('/')
    expect(await isIn(visitor)).toBe(true)
  })

  it('sends who is signed in home', async () => {
    const solene = await portal.login('estuaire', '657')
    expect((await solene.get('/connexion')).headers.location).toBe('/')
  })

  async function logOutAndLook(visitor: ReturnType<Portal['visitor']>): Promise<string> {
    const { text: home } = await visitor.get('/profil')
    if (home.includes('/deconnexion')) await visitor.post('/deconnexion')
    return (await visitor.get('/connexion')).text
  }
})

describe('logging in', () => {
  it.each(['657', ' 657 ', 'n° 657', 'solene.carriveau@atelier.example', 'SOLENE.CARRIVEAU@ATELIER.EXAMPLE'])(
    'F4: the adhérent logs in as « %s »',
    async (identifiant) => {
      const visitor = portal.visitor()
      const answer = await logIn(visitor, identifiant)
      expect(answer.status).toBe(303)
      expect(answer.headers.location).toBe('/')
      expect((await visitor.get('/profil')).text).toContain('Solène Carriveau')
    },
  )

  it.each(['CNS1', 'cns1', 'CNS 1'])('F4: the cabinet logs in as « %s »', async (identifiant) => {
    const visitor = portal.visitor()
    await logIn(visitor, identifiant, undefined, { fields: { statut: 'cabinet' } })
    expect((await visitor.get('/profil')).text).toContain('Cabinet Vauquelin')
  })

  it('an e-mail address that two share is nobody’s', async () => {
    await portal.owner.query(`update utilisateurs set courriel = 'partage@vauquelin.example'
      where login in ('COL7', 'COL3') and organisme_id = (select id from plateforme.organismes where code = 'estuaire')`)
    expect((await logIn(portal.visitor(), 'partage@vauquelin.example')).status).toBe(422)
    expect((await logIn(portal.visitor(), 'COL7')).status).toBe(303)
  })

  it('one sentence whoever asks: unknown, known, gone, blocked, never activated', async () => {
    await portal.owner.query(`update utilisateurs set bloque_le = now() where login = 'COL3'`)
    await portal.owner.query(`update acces.secrets set mot_de_passe = null
      where utilisateur_id in (select id from utilisateurs where login = 'CNS2')`)
    const answers = await Promise.all(
      ['987654', '657', 'COL4', 'COL3', 'CNS2', 'personne@nulle-part.example'].map((who) =>
        logIn(portal.visitor(), who, 'un mauvais mot de passe'),
      ),
    )
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 422))
    const sentences = new Set(answers.map(errorsOf))
    expect([...sentences]).toEqual([
      'Le numéro ou le mot de passe ne convient pas. Vérifiez-les, majuscules comprises.',
    ])
    await portal.owner.query(`update utilisateurs set bloque_le = null where login = 'COL3'`)
  })

  it('the number of the other organisme opens nothing here, and its session nothing either', async () => {
    await portal.owner.query(`update acces.secrets set mot_de_passe =
        (select mot_de_passe from acces.secrets s join utilisateurs u on u.id = s.utilisateur_id where u.login = 'operateur@parvis.example')
      where utilisateur_id = (select u.id from utilisateurs u join plateforme.organismes o on o.id = u.organisme_id
        where o.code = 'midi' and u.login = '657')`)
    const marius = portal.visitor('midi')
    await logIn(marius, 'marius.sabran@veto.example')
    expect((await marius.get('/profil')).text).toContain('Marius Sabran-Tourves')
    expect((await logIn(portal.visitor('estuaire'), 'marius.sabran@veto.example')).status).toBe(422)
    const here = portal.visitor('estuaire')
    here.cookies.set('sid', marius.cookies.get('sid')!)
    expect((await here.get('/profil')).headers.location).toMatch(/^\/connexion/)
  })

  it('abuse 22: the session that was there before is not the one that is signed in', async () => {
    const visitor = portal.visitor()
    await visitor.get('/connexion')
    const before = visitor.cookies.get('sid')
    expect(before).toBeDefined()
    await visitor.post('/connexion', { identifiant: '657', motDePasse: 'parvis-demo-2026' })
    expect(visitor.cookies.get('sid')).not.toBe(before)
    expect(await isIn(visitor)).toBe(true)
    const thief = portal.visitor()
    thief.cookies.set('sid', before!)
    expect(await isIn(thief)).toBe(false)
  })

  it('abuse 23: after the log-out the old cookie opens nothing, and no page was to be cached', async () => {
    const visitor = portal.visitor()
    await logIn(visitor, '657')
    const page = await visitor.get('/profil')
    expect(page.headers['cache-control']).toBe('no-store')
    const cookie = visitor.cookies.get('sid')!
    const out = await visitor.post('/deconnexion')
    expect(out.headers.location).toBe('/connexion')
    expect(out.headers['clear-site-data']).toContain('"storage"')
    expect((await visitor.get('/connexion')).text).toContain('Vous êtes déconnecté')
    visitor.cookies.set('sid', cookie)
    const replay = await visitor.get('/profil')
    expect(replay.status).toBe(303)
    expect(replay.headers.location).toBe('/connexion?retour=%2Fprofil')
  })

  it('abuse 25: a form that stood open too long comes back with a sentence and a token that works', async () => {
    const visitor = portal.visitor()
    await visitor.get('/connexion')
    visitor.cookies.clear()
    const stale = await visitor.post('/connexion', { identifiant: '657', motDePasse: 'parvis-demo-2026' })
    expect(stale.status).toBe(403)
    expect(stale.text).toContain('ouverte depuis trop longtemps')
    expect(stale.text).not.toContain('parvis-demo-2026"')
    visitor.csrf = /name="_csrf" value="([0-9a-f]+)"/.exec(stale.text)![1]!
    expect(
      (await visitor.post('/connexion', { identifiant: '657', motDePasse: 'parvis-demo-2026' })).status,
    ).toBe(303)
  })

  it.each([
    ['/profil', '/profil'],
    ['/actualites?page=2', '/actualites?page=2'],
    ['//evil.test', '/'],
    ['/\\evil.test', '/'],
    ['https:evil', '/'],
    ['https://evil.test/', '/'],
    ['/%09/evil.test', '/%09/evil.test'],
    ['/\tevil', '/'],
    ['javascript:alert(1)', '/'],
    ['/connexion?retour=/connexion', '/'],
    ['/deconnexion', '/'],
  ])('abuse 34: ?retour=%s lands on %s', async (retour, lands) => {
    const visitor = portal.visitor()
    await visitor.get(`/connexion?retour=${encodeURIComponent(retour)}`)
    const answer = await visitor.post(
      '/connexion',
      { identifiant: '657', motDePasse: 'parvis-demo-2026', retour },
      { 'x-forwarded-for': elsewhere() },
    )
    expect(answer.headers.location).toBe(lands)
  })

  it('abuse 37: a link of a mail opened by nobody leads through the log-in to the file, and only its owner gets it', async () => {
    const { rows } = await portal.owner.query<{ id: string }>(
      `select d.id from documents d join adherents a on a.id = d.adherent_id and a.organisme_id = d.organisme_id
       join plateforme.organismes o on o.id = d.organisme_id
       where o.code = 'estuaire' and a.numero = '657' and d.publie_le is not null limit 1`,
    )
    const address = `/documents/${rows[0]!.id}`
    for (const [login, status] of [
      ['657', 200],
      ['940', 404],
    ] as const) {
      const visitor = portal.visitor()
      const first = await visitor.get(address)
      expect(first.headers.location).toBe(`/connexion?retour=${encodeURIComponent(address)}`)
      const page = await visitor.get(first.headers.location as string)
      const retour = /name="retour" value="([^"]+)"/.exec(page.text)![1]!
      const answer = await logIn(visitor, login, undefined, { fields: { retour } })
      expect(answer.headers.location).toBe(address)
      expect((await visitor.get(address)).status).toBe(status)
    }
  })

  it('the journal keeps log-ins, failures and log-outs, and never what was typed', async () => {
    const { organismeId, id } = await portal.person('estuaire', '657')
    const { rows: before } = await portal.owner.query<{ n: string }>(
      'select coalesce(max(numero), 0) as n from journal where organisme_id = $1',
      [organismeId],
    )
    const visitor = portal.visitor()
    await logIn(visitor, '657', 'canari-mot-de-passe')
    await logIn(visitor, 'canari-identifiant', 'canari-mot-de-passe')
    await logIn(visitor, '657')
    await visitor.get('/profil')
    await visitor.post('/deconnexion')
    const { rows } = await portal.owner.query<{
      action: string
      acteur: string
      detail: unknown
      objet_id: string | null
    }>(
      `select action, acteur, detail, objet_id from journal
       where organisme_id = $1 and numero > $2 and action like '%connexion%' order by numero`,
      [organismeId, before[0]!.n],
    )
    expect(rows.map((row) => [row.action, row.acteur, row.objet_id])).toEqual([
      ['connexion.echec', 'anonyme', id],
      ['connexion.echec', 'anonyme', null],
      ['connexion', 'Solène Carriveau (657)', id],
      ['deconnexion', 'Solène Carriveau (657)', id],
    ])
    const { rows: kept } = await portal.owner.query('select * from acces.tentatives')
    expect(JSON.stringify([rows, kept, portal.logLines])).not.toMatch(/canari/)
  })

  it('an end of session is not undone by a request that was on its way', async () => {
    const solene = portal.visitor()
    await logIn(solene, '657')
    const { id } = await portal.person('estuaire', '657')
    // A page with a notice to take out of the session: it will want to write the session back.
    await portal.owner.query(
      `update acces.sessions set donnees = donnees || '{"notice": {"genre": "succes", "texte": "x"}}' where utilisateur_id = $1`,
      [id],
    )
    const blocker = await portal.owner.connect()
    await blocker.query('begin')
    await blocker.query('lock table actualites in access exclusive mode')
    const onItsWay = solene.get('/actualites')
    await new Promise((resolve) => setTimeout(resolve, 400))
    await portal.owner.query('delete from acces.sessions where utilisateur_id = $1', [id])
    await blocker.query('commit')
    blocker.release()
    expect((await onItsWay).status).toBe(200)
    expect(await isIn(solene)).toBe(false)
  })
})
