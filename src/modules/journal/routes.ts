import { keysetPage } from '../../kernel/keyset.ts'
import { type Route, act, page, redirect, view } from '../../kernel/page.ts'
import type { Db } from '../../kernel/db.ts'
import { listPhrases, phraseDe } from '../../kernel/phrases.ts'
import { type Column, FORMATS, exportTable } from '../../kernel/tableur/export.ts'
import { listTravaux, startTravail } from '../../kernel/travaux/queries.ts'
import { showTravail } from '../../kernel/travaux/shown.ts'
import { lien } from '../../kernel/views.ts'
import { type Question, question, requeteDe } from './forms.ts'
import { type Evenement, FENETRE, listJournal } from './queries.ts'
import { ligne, precisionDe } from './shown.ts'
import { GENRE, MOTIFS } from './verification.ts'

const CHEMIN = '/gestion/journal'
const PAR_PAGE = 50

const COLONNES: Column<Evenement>[] = [
  { titre: 'N°', genre: 'nombre', valeur: (r) => r.numero },
  { titre: 'Date et heure (UTC)', largeur: 22, valeur: (r) => r.le },
  { titre: 'Par', largeur: 32, valeur: (r) => r.acteur },
  { titre: 'Qualité', valeur: (r) => r.role },
  { titre: 'Acte', largeur: 40, valeur: (r) => phraseDe(r.action) },
  { titre: 'Précision', largeur: 40, valeur: (r) => precisionDe(r.detail) },
  { titre: 'N° adhérent', valeur: (r) => r.adherent_numero },
  { titre: 'Adhérent', largeur: 30, valeur: (r) => r.adherent_nom },
  { titre: 'Code de l’acte', valeur: (r) => r.action },
  { titre: 'Empreinte', largeur: 66, valeur: (r) => r.empreinte },
]

export const routes: readonly Route[] = [
  page(CHEMIN, {
    can: 'gestion.journal.read',
    query: question,
    async run({ db, query: asked, now }) {
      const [{ rows, jusque }, verifications] = await Promise.all([
        listJournal(db, asked, PAR_PAGE + 1),
        listTravaux(db, 1, [GENRE]),
      ])
      const requete = requeteDe(asked)
      const { lignes, pager } = keysetPage({
        rows,
        size: PAR_PAGE,
        asked,
        cursor: (row) => String(row.numero),
        path: CHEMIN,
        query: requete,
        nom: 'lignes du journal',
      })
      const travail = verifications[0] && showTravail(verifications[0], now)
      return view('journal/journal', {
        evenements: lignes.map(ligne),
        pager,
        requete,
        cherche: Object.values(requete).some((value) => value !== ''),
        suite:
          jusque === null
            ? null
            : lien(CHEMIN, requete, { [asked.avant === undefined ? 'apres' : 'avant']: String(jusque) }),
        fenetre: FENETRE,
        actes: [
          { valeur: '', libelle: 'Tous les actes' },
          ...listPhrases().map(({ action, phrase }) => ({ valeur: action, libelle: phrase })),
        ],
        travail,
        verification: verifications[0] && resultatDe(verifications[0]),
      })
    },
  }),
  page(`${CHEMIN}.:format`, {
    can: 'gestion.journal.read',
    query: question,
    words: FORMATS,
    stepUp: true,
    journal: true,
    run: (ctx) =>
      exportTable(ctx, {
        name: 'journal',
        title: 'Journal',
        columns: COLONNES,
        batches: toutes(ctx.db, ctx.query),
        note: { action: 'journal.exporte', objet: 'journal', detail: requeteDe(ctx.query) },
      }),
  }),
  act(`${CHEMIN}/verification`, {
    can: 'gestion.journal.read',
    rerender: CHEMIN,
    async run({ db, note }) {
      const id = await startTravail(db, {
        genre: GENRE,
        titre: 'Vérification du journal',
        lien: CHEMIN,
        donnees: {},
      })
      note({ action: 'journal.verification', objet: 'travaux', objetId: id })
      return redirect(CHEMIN, 'La vérification commence. Son résultat s’affichera ici.')
    },
  }),
]

function resultatDe({
  etat,
  rapport,
  fini_le,
}: {
  etat: string
  rapport: Record<string, unknown>
  fini_le: string | null
}) {
  if (etat !== 'termine') return null
  const { rupture, motif, lignes, empreinte } = rapport
  if (typeof rupture === 'number')
    return { rompu: true, numero: rupture, motif: MOTIFS[String(motif)] ?? '', le: fini_le }
  return { rompu: false, lignes, empreinte, le: fini_le }
}

const PAR_LOT = 1000

/** Every row that the filters take, some at a time, through the windows of a search. */
async function* toutes(db: Db, asked: Question): AsyncGenerator<readonly Evenement[]> {
  let apres: string | undefined
  for (;;) {
    const { rows, jusque } = await listJournal(db, { ...asked, avant: undefined, apres }, PAR_LOT)
    if (rows.length > 0) yield rows
    const last = rows.length === PAR_LOT ? rows.at(-1)!.numero : jusque
    if (last === null) return
    apres = String(last)
  }
}
