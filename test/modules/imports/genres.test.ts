import { beforeAll, describe, expect, it } from 'vitest'
import { checkHtml } from '../../support/html.ts'
import { type Portal, type Visitor, startPortal } from '../../support/portal.ts'
import { plain } from '../transferts/stored.ts'
import { Journey } from './journey.ts'

let portal: Portal
let maud: Visitor
let journey: Journey

beforeAll(async () => {
  portal = await startPortal()
  maud = await portal.login('estuaire', 'agent@estuaire.example')
  journey = new Journey(portal, maud)
})

const one = async (query: string, values: unknown[] = []) =>
  (await portal.owner.query<Record<string, unknown>>(query, values)).rows[0]
const ESTUAIRE = `organisme_id = (select id from plateforme.organismes where code = 'estuaire')`

async function motifs(id: string): Promise<string[]> {
  const { rows } = await portal.owner.query<{ motifs: string[] }>(
    `select motifs from import_lignes where import_id = $1 and etat = 'refuse' order by ligne`,
    [id],
  )
  return rows.map((row) => row.motifs.join(' ').replace(/[\u00a0\u202f]/g, ' '))
}

describe('the other tables that can be imported', () => {
  it('cabinets: new and changed, and the same file again changes nothing', async () => {
    const file =
      'Code;Raison sociale;Téléphone;Rue;CP;Ville\ncns1;;05 00 00 01 09;;;\nCNS30;Cabinet Neuf;;3 quai Bas;33500;Libourne\n'
    const done = await journey.importe('cabinets', file)
    expect(done).toMatchObject({ etat: 'applique', comptes: { nouveau: 1, modifie: 1 } })
    expect(await one(`select * from structures where ${ESTUAIRE} and numero = 'CNS30'`)).toMatchObject({
      nom: 'Cabinet Neuf',
      nature: 'cabinet',
      adresse: ['3 quai Bas', '33500 LIBOURNE'],
    })
    expect(await one(`select * from structures where ${ESTUAIRE} and numero = 'CNS1'`)).toMatchObject({
      nom: 'Cabinet Vauquelin & Associés',
      telephones: ['+33500000109'],
    })
    expect((await journey.essaieTout('cabinets', file)).comptes).toEqual({ inchange: 2 })
  })

  it('collaborateurs: found by code or by name, new ones get the next code, no account is opened and no mail leaves', async () => {
    const mails = async () => (await portal.owner.query('select from courriels')).rowCount
    const before = await mails()
    const file = [
      'code;cabinet;nom;prénom;fonction;mail',
      'COL7;CNS1;Lagrevol;Armel;Chef de groupe;',
      ';CNS1;marquisat;ANTHIME;Directeur;',
      ';CNS2;Nouvelle;Élia;Comptable;elia@pradeau.example',
      ';CNS2;Nouveau;Tom;;',
      'COL14;CNS2;Marchandeau;Capucine;;',
      'COL14x;CNS1;A;B;;',
      ';;Seul;;;',
    ].join('\n')
    const essai = await journey.essaieTout('collaborateurs', file)
    expect(essai.comptes).toMatchObject({ modifie: 2, nouveau: 2, refuse: 3 })
    expect(await motifs(essai.id)).toEqual([
      'Ce code est celui d’un collaborateur d’un autre cabinet.',
      expect.stringContaining('n’est pas celui d’un collaborateur'),
      'Sans code, le cabinet et le nom sont nécessaires pour retrouver le collaborateur.',
    ])
    await journey.confirme(essai)
    expect(await one(`select fonction, nom from utilisateurs where ${ESTUAIRE} and login = 'COL3'`)).toEqual({
      fonction: 'Directeur',
      nom: 'marquisat',
    })
    const news = await portal.owner.query(
      `select u.login, u.prenom, u.active_le, s.numero from utilisateurs u join structures s on s.id = u.structure_id
       where u.${ESTUAIRE} and u.nom in ('Nouvelle', 'Nouveau') order by u.login`,
    )
    expect(news.rows).toEqual([
      { login: 'COL17', prenom: 'Élia', active_le: null, numero: 'CNS2' },
      { login: 'COL18', prenom: 'Tom', active_le: null, numero: 'CNS2' },
    ])
    expect(await mails()).toBe(before)
    const again = await journey.essaieTout('collaborateurs', file)
    expect(again.comptes).toMatchObject({ inchange: 4, refuse: 3 })
    expect(again.comptes.nouveau).toBeUndefined()
  })

  it('collaborateurs: an account activated between the trial and its confirmation keeps its address', async () => {
    const address = () => one(`select courriel from utilisateurs where ${ESTUAIRE} and login = 'COL17'`)
    const essai = await journey.essaieTout('collaborateurs', 'code;mail\nCOL17;autre@pradeau.example\n')
    expect(essai.comptes).toMatchObject({ modifie: 1 })
    await one(`update utilisateurs set active_le = now() where ${ESTUAIRE} and login = 'COL17'`)
    const done = await journey.confirme(essai)
    expect(await address()).toEqual({ courriel: 'elia@pradeau.example' })
    expect(done.etat).not.toBe('applique')
    const again = await journey.essaieTout('collaborateurs', 'code;mail\nCOL17;autre@pradeau.example\n')
    expect(again.comptes).toEqual({ refuse: 1 })
  })

  it('affectations: the one before ends and stays in the history; another firm, a departed person and unknown ones are refused', async () => {
    await portal.owner.query(`delete from affectations where ${ESTUAIRE}`)
    const file = (who: string) => `adhérent;collaborateur\n657;${who}\n12;COL14 Capucine Marchandeau\n`
    const first = await journey.importe('affectations', file('COL7'))
    expect(first).toMatchObject({ etat: 'applique', comptes: { nouveau: 2 } })
    const second = await journey.importe('affectations', file('col14'))
    expect(second.comptes).toMatchObject({ modifie: 1, inchange: 1 })
    const { rows } = await portal.owner.query(
      `select u.login, f.jusqu_a is null as en_cours, p.login as par from affectations f join utilisateurs u on u.id = f.utilisateur_id
       join adherents a on a.id = f.adherent_id left join utilisateurs p on p.id = f.affecte_par
       where a.${ESTUAIRE} and a.numero = '657' order by f.depuis`,
    )
    expect(rows).toEqual([
      { login: 'COL7', en_cours: false, par: 'agent@estuaire.example' },
      { login: 'COL14', en_cours: true, par: 'agent@estuaire.example' },
    ])
    const refused = await journey.essaieTout(
      'affectations',
      'n°;code\n801;COL7\n940;COL7\n657;COL4\n12;COL999\n99999;COL7\n45;\n',
    )
    expect(await motifs(refused.id)).toEqual([
      'Ce collaborateur n’est pas du cabinet de cet adhérent.',
      'Cet adhérent n’a pas de cabinet.',
      'Ce collaborateur a quitté son cabinet.',
      'Le collaborateur « COL999 » n’existe pas.',
      'L’adhérent n° 99999 n’existe pas.',
      'Le code du collaborateur manque.',
    ])
    const gone = await journey.essaieTout('affectations', 'n°;code\n657;COL14\n')
    expect(gone.comptes).toEqual({ inchange: 1, absent: 1 })
    await journey.confirme(gone, { absents: 'retirer' })
    expect(
      await one(`select count(*)::int as n from affectations where ${ESTUAIRE} and jusqu_a is null`),
    ).toEqual({ n: 1 })
  })

  it('exercices: dates, the reception of the liasse as a step, and the boxes of the 2035', async () => {
    const file = [
      'N° adhérent;Clôture;Liasse reçue le;Cotisation réglée le;AA;BA;BR',
      '801;31/12/2031;15/05/2032;;"86 400,00";2100;1',
      '802;31-12-31;;01/02/32;;;',
      '803;31/12/2031;30/12/2031;;;;',
      '803;;;;;;',
    ].join('\n')
    const essai = await journey.essaieTout('exercices', file)
    expect(essai.comptes).toMatchObject({ nouveau: 2, refuse: 2 })
    expect(await motifs(essai.id)).toEqual([
      'La liasse ne peut pas être reçue avant la clôture.',
      'La date de clôture manque.',
    ])
    expect((await journey.confirme(essai)).etat).toBe('applique')
    const cloture = (numero: string) =>
      one(
        `select c.debut::text as debut, c.reception, c.recue_le::text as recue_le, c.comptes, c.cotisation_reglee_le::text as cotisation
         from clotures c join adherents a on a.id = c.adherent_id where a.${ESTUAIRE} and a.numero = $1 and c.fin = '2031-12-31'`,
        [numero],
      )
    expect(await cloture('801')).toEqual({
      debut: '2031-01-01',
      reception: 'recue',
      recue_le: '2032-05-15',
      comptes: { genre: '2035', cases: { AA: 86400, BA: 2100 } },
      cotisation: null,
    })
    expect(await cloture('802')).toMatchObject({
      reception: 'attendue',
      cotisation: '2032-02-01',
      comptes: null,
    })
    const later = await journey.importe(
      'exercices',
      'n°;fin;reçue le;BF\n802;31/12/2031;01/06/2032;7 200\n801;2031-12-31;15/05/2032;7200\n',
    )
    expect(later.comptes).toEqual({ modifie: 2 })
    expect(await cloture('802')).toMatchObject({
      reception: 'recue',
      comptes: { genre: '2035', cases: { BF: 7200 } },
    })
    expect(await cloture('801')).toMatchObject({ comptes: { cases: { AA: 86400, BA: 2100, BF: 7200 } } })
    const { rows } = await portal.owner.query(
      `select piste, de, vers, motif from cloture_mouvements where motif = 'Import'`,
    )
    expect(rows).toEqual([{ piste: 'reception', de: 'attendue', vers: 'recue', motif: 'Import' }])
    expect(
      (await journey.essaieTout('exercices', 'n°;fin;reçue le;BF\n802;31/12/2031;01/06/2032;7200\n')).comptes,
    ).toEqual({ inchange: 1 })
  })

  it('F80: declarations: what became of each at each recipient; the next follow-up of the portal changes only what moved', async () => {
    const suivi = [
      'N° adhérent;Formulaire;Exercice;Date d’envoi;Destinataire;État;Date du statut;N° de dépôt;Motif;Portail',
      '801;3310CA3;2026;12/05/2026 17:42;DGFiP;Déposée;;D-1;;Portail Neuf',
      '801;3310 CA3-SD;2026;12/05/2026;banque;Envoyée;;;;Portail Neuf',
      '801;3310-CA3;2026;12/06/2026;impôts;Rejetée;14/06/2026;D-2;SIRET inconnu;Portail Neuf',
      '12;2035;2025;03/05/2026;;Validée;05/05/2026;D-3;;',
      '99999;2035;2025;03/05/2026;;Validée;;;;',
      ';2035;2025;03/05/2026;;Validée;;;;',
      '801;2035;un an;03/05/2026;;Perdue;;;;',
      '801;3310-CA3;2026;12/06/2026;DGFiP;acceptée;;;;',
    ].join('\n')
    const essai = await journey.essaieTout('declarations', suivi)
    expect(essai.comptes).toEqual({ nouveau: 4, refuse: 4 })
    const refuses = await motifs(essai.id)
    expect(refuses).toEqual([
      'L’adhérent n° 99999 n’existe pas.',
      'Le numéro d’adhérent ou le SIRET est nécessaire pour savoir de qui parle cette ligne.',
      expect.stringMatching(
        /« un an » n’est pas une année\..*« Perdue » n’est pas prévu : déposée au portail, .*annulée\./,
      ),
      'Double : déjà à la ligne 4.',
    ])
    const page = await maud.get(`${essai.path}?lignes=nouveau`)
    expect(checkHtml(page.text)).toEqual([])
    expect(page.text).toContain('3310-CA3 2026 du 12/06/2026, DGFiP')
    expect((await journey.confirme(essai)).etat).toBe('applique')
    const stored = async () =>
      (
        await portal.owner.query(
          `select d.formulaire, d.millesime, (d.transmise_le at time zone 'Europe/Paris')::text as transmise_le, d.expediteur,
             s.destinataire, s.statut, (s.statut_le at time zone 'Europe/Paris')::date::text as statut_le, s.depot, s.message
           from declarations d join adherents a on a.id = d.adherent_id
             join declarations_destinataires s on s.declaration_id = d.id
           where a.${ESTUAIRE} and a.numero = '801' and d.formulaire = '3310-CA3' order by d.transmise_le, s.destinataire collate "C"`,
        )
      ).rows as Record<string, unknown>[]
    const mai = { formulaire: '3310-CA3', millesime: 2026, transmise_le: '2026-05-12 00:00:00', expediteur: 'Portail Neuf' } // prettier-ignore
    const juin = { ...mai, transmise_le: '2026-06-12 00:00:00' }
    expect(await stored()).toEqual([
      { ...mai, destinataire: 'DGFiP', statut: 'deposee_portail', statut_le: '2026-05-12', depot: 'D-1', message: '' },
      { ...mai, destinataire: 'banque', statut: 'transmise', statut_le: '2026-05-12', depot: '', message: '' },
      { ...juin, destinataire: 'DGFiP', statut: 'rejet_total', statut_le: '2026-06-14', depot: 'D-2', message: 'SIRET inconnu' },
    ]) // prettier-ignore
    expect((await journey.essaieTout('declarations', suivi)).comptes).toEqual({ inchange: 4, refuse: 4 })

    const siret = (await one(`select siret from adherents where ${ESTUAIRE} and numero = '801'`))!
      .siret as string
    const later = await journey.essaieTout(
      'declarations',
      `SIRET;Type;Millésime;Transmise le;Destinataire EDI;Compte rendu;Référence\n${siret};3310CA3;2026;2026-05-12;DGFiP;Accepté;D-1\n${siret};3310CA3;2026;2026-05-12;banque;envoyée;\n`,
    )
    expect(later.comptes).toEqual({ modifie: 1, inchange: 1 })
    const change = plain((await maud.get(`${later.path}?lignes=modifie`)).text)
    expect(change).toMatch(/Statut<\/strong> : <del>déposée au portail<\/del>[\s\S]*<ins>acceptée<\/ins>/)
    await journey.confirme(later)
    expect((await stored())[0]).toMatchObject({
      statut: 'acceptee',
      depot: 'D-1',
      expediteur: 'Portail Neuf',
    })
    expect((await stored()).length).toBe(3)
    const cabinet = await portal.login('estuaire', 'CNS2')
    const seen = await cabinet.get('/declarations')
    expect(seen.text).toContain('3310-CA3')
    expect(seen.text).toContain('SIRET inconnu')
    expect((await (await portal.login('estuaire', 'CNS1')).get('/declarations')).text).not.toContain(
      'SIRET inconnu<',
    )
  })

  it('every kind has a template of its own titles, that it recognises', async () => {
    for (const genre of [
      'adherents',
      'cabinets',
      'collaborateurs',
      'affectations',
      'exercices',
      'declarations',
    ]) {
      const { status, text } = await maud.get(`/gestion/imports/modele/${genre}.csv`)
      expect([genre, status]).toEqual([genre, 200])
      const width = text.split(';').length
      const path = await journey.depose(genre, `${text}${'1;'.repeat(width - 1)}1\r\n`)
      const page = await maud.get(path)
      expect([genre, [...page.text.matchAll(/<option value="[^"]+" selected>/g)].length]).toEqual([
        genre,
        width,
      ])
    }
  })
})
