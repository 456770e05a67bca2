import PDFDocument from 'pdfkit'
import type { Seed } from './demo.ts'
import { seedControleFec } from './fec.ts'
import { siretOf } from './siret.ts'

/** What adhérent 657 has sent, one of each fate; and a little more for the list of the staff. Real, small files. */
export async function seedTransferts(seed: Seed): Promise<void> {
  const siren = siretOf(1).slice(0, 9)
  const last = seed.year - 1
  const sent: Sent[] = [
    {
      organisme: 'estuaire', numero: '657', jour: -190, genre: 'liasse',
      message: `Liasse et balance de l’exercice ${last}, comme convenu avec mon cabinet.`,
      fichiers: [
        { nom: `2035-${last}-CARRIVEAU.pdf`, mime: PDF, bytes: await pdf(`Déclaration 2035, exercice ${last}`, DECLARATION) },
        { nom: `balance-${last}.csv`, mime: 'text/csv', bytes: Buffer.from(`\ufeff${BALANCE}`) },
      ],
      prisEnCompte: -186,
    },
    {
      organisme: 'estuaire', numero: '657', jour: -24, genre: 'fec', message: '',
      fichiers: [{ nom: `${siren}FEC${last}1231.txt`, mime: 'text/plain', bytes: Buffer.from(fec(last)) }],
      refuse: { jour: -21, motif: 'Le fichier s’arrête au 30 novembre. Exportez l’exercice complet depuis votre logiciel, puis envoyez-le de nouveau.' },
    },
    {
      organisme: 'estuaire', numero: '657', jour: -2, genre: 'pieces',
      message: 'La facture demandée pour l’acquisition de matériel.',
      fichiers: [{ nom: 'facture-table-a-dessin.pdf', mime: PDF, bytes: await pdf('Facture n° 2217', FACTURE) }],
    },
    {
      organisme: 'estuaire', numero: '657', jour: -1, genre: 'fec', message: 'Le fichier complet, exporté hier.',
      fichiers: [{ nom: `${siren}FEC${last}1231.txt`, mime: 'text/plain', bytes: Buffer.from(fecFautif(last)) }],
    },
    {
      organisme: 'estuaire', numero: '940', jour: -6, genre: 'autre', message: 'Mon bulletin d’adhésion signé.',
      fichiers: [{ nom: 'bulletin-adhesion.pdf', mime: PDF, bytes: await pdf('Bulletin d’adhésion', ['Lu et approuvé.']) }],
    },
    {
      organisme: 'midi', numero: '657', jour: -9, genre: 'balance', message: '',
      fichiers: [{ nom: `balance-${last}.csv`, mime: 'text/csv', bytes: Buffer.from(`\ufeff${BALANCE}`) }],
    },
  ] // prettier-ignore
  const numbers = new Map<string, number>()
  for (const one of sent.sort((a, b) => a.jour - b.jour)) await insertTransfer(seed, one, numbers)
}

const PDF = 'application/pdf'

interface Sent {
  organisme: string
  numero: string
  /** Days from today. */
  jour: number
  genre: string
  message: string
  fichiers: { nom: string; mime: string; bytes: Buffer }[]
  prisEnCompte?: number
  refuse?: { jour: number; motif: string }
}

async function insertTransfer(seed: Seed, sent: Sent, numbers: Map<string, number>): Promise<void> {
  const { organisme } = sent
  const deposePar = seed.people[`${organisme}/${sent.numero}`]!
  const jour = seed.day(sent.jour)
  const annee = Number(jour.slice(0, 4))
  const numero = (numbers.get(`${organisme}/${annee}`) ?? 0) + 1
  numbers.set(`${organisme}/${annee}`, numero)
  const decision = sent.prisEnCompte ?? sent.refuse?.jour
  const agent = seed.people[`${organisme}/agent@${organisme}.example`]
  const [row] = await seed.sql<{ id: string }>(
    `insert into transferts (organisme_id, annee, numero, adherent_id, genre, message, depose_par, depose_le,
       pris_en_compte_le, refuse_le, decide_par, motif)
     values ($1, $2, $3, $4, $5, $6, $7, $8::date + time '09:42', $9::date + time '14:05', $10::date + time '14:05', $11, $12)
     returning id`,
    [seed.organismes[organisme], annee, numero, seed.adherents[`${organisme}/${sent.numero}`], sent.genre, sent.message,
      deposePar, jour, sent.prisEnCompte === undefined ? null : seed.day(sent.prisEnCompte),
      sent.refuse === undefined ? null : seed.day(sent.refuse.jour), decision === undefined ? null : agent,
      sent.refuse?.motif ?? ''], // prettier-ignore
  )
  for (const [i, fichier] of sent.fichiers.entries()) {
    const fichierId = await seed.file({ organisme, ...fichier, deposePar, deposeLe: jour })
    const [lien] = await seed.sql<{ id: string }>(
      'insert into transferts_fichiers (organisme_id, transfert_id, fichier_id, ordre) values ($1, $2, $3, $4) returning id',
      [seed.organismes[organisme], row!.id, fichierId, i + 1],
    )
    if (sent.genre === 'fec') {
      await seedControleFec(seed, {
        organisme,
        numero: sent.numero,
        transfertId: row!.id,
        lienId: lien!.id,
        jour,
        ...fichier,
      })
    }
  }
}

async function pdf(title: string, lines: string[]): Promise<Buffer> {
  const doc = new PDFDocument({ size: 'A4', margin: 72 })
  doc.fontSize(16).text(title).moveDown().fontSize(11)
  for (const line of lines) doc.text(line)
  doc.end()
  return Buffer.concat((await doc.toArray()) as Buffer[])
}

const DECLARATION = [
  'Recettes encaissées : 78 420',
  'Dépenses professionnelles : 44 310',
  'Bénéfice : 34 110',
]
const FACTURE = [
  'Table à dessin réglable',
  '1 × 1 240,00 EUR hors taxes',
  'TVA 20 % : 248,00 EUR',
  'Total : 1 488,00 EUR',
]

const BALANCE = `Compte;Libellé;Débit;Crédit
101000;Capital individuel;;12000,00
512000;Banque;9840,00;
606100;Fournitures;2160,00;
613200;Loyer;7200,00;
625100;Déplacements;4310,00;
646000;Cotisations sociales;15640,00;
706000;Honoraires;;78420,00
108000;Compte de l’exploitant;51270,00;
`

/** The eighteen columns of LPF A47 A-1, tab between them; each entry balances. */
function fec(annee: number, dernier = 11): string {
  const head =
    'JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum CompAuxLib PieceRef PieceDate EcritureLib Debit Credit EcritureLet DateLet ValidDate Montantdevise Idevise'
  const lines = [head.split(' ').join('\t')]
  for (let mois = 1; mois <= dernier; mois++) {
    const day = `${annee}${String(mois).padStart(2, '0')}15`
    const amount = `${4000 + mois * 137},00`
    const entry = (compte: string, libelle: string, debit: string, credit: string) =>
      ['BQ', 'Banque', String(mois), day, compte, libelle, '', '', `R${mois}`, day, 'Honoraires', debit, credit, '', '', day, '', ''].join('\t') // prettier-ignore
    lines.push(entry('512000', 'Banque', amount, '0,00'), entry('706000', 'Honoraires', '0,00', amount))
  }
  return `${lines.join('\r\n')}\r\n`
}

/** The whole year, with what people really find in their exports: a point in amounts, an entry out of balance, a gap. */
function fecFautif(annee: number): string {
  return fec(annee, 12)
    .split('\r\n')
    .filter((_, i) => i !== 15 && i !== 16)
    .map((line, i) =>
      i === 5 ? line.replace('4411,00', '4411.00') : i === 10 ? line.replace(',00', ',50') : line,
    )
    .join('\r\n')
}
