import { plain, split } from './plain.ts';

/**
 * What customers of a shop talk about, in five languages, under one English name: a German question finds an English
 * tool or article by it. An entry that ends in `*` covers every word that begins so. Accents are left out.
 */
const CONCEPTS: Record<string, string> = {
  order:
    'order orders ordered bestell* auftrag* commande commandes pedido* encomenda* orden ordenes parcel* package packages paket* colis paquete* pacote* shipment* sendung*',
  deliver:
    'deliver* arriv* liefer* zustell* ankomm* ankunft livraison* livrer livre livree recevoir entrega* entregar llegar llega llegara chegar chega chegara ship ships shipped shipping versand* verschick* expedier expedie expedies envio* enviar envia enviamos',
  track: 'track tracks tracked tracking sendungsverfolg* verfolg* suivre suivi rastre* seguimiento',
  status: 'status state stand etat estado progress',
  return:
    'return returns returned returning retoure* ruckgabe* zuruckgeb* zurucksend* rucksend* zuruckschick* retour retourner retours renvoyer devolucion* devolver devuelvo devolu* devolv*',
  refund: 'refund* reimburs* ruckerstatt* erstatt* rembours* reembols* geld argent dinero dinheiro',
  exchange: 'exchange* swap* umtausch* echange* cambiar cambio* trocar troca*',
  cancel: 'cancel* stornier* storno kundig* annul* anular anulo',
  change:
    'change changes changed changing update updates edit modify andern andert anderung* aktualisier* modifi* mudar alterar altera*',
  address: 'address* adresse* anschrift* direccion* endereco* morada*',
  pay: 'pay pays paid paying payment* bezahl* zahl* paiement* payer pagar pago pagos pagamento*',
  invoice: 'invoice* receipt* rechnung* facture* factura* fatura* recibo*',
  price:
    'price* cost costs preis* kosten kostet prix tarif* coute cuesta precio* costo preco* custa custo* fee fees charge* gebuhr* frais gastos tarifa* taxa*',
  warranty: 'warrant* guarantee* garantie* garantia* gewahrleist*',
  repair: 'repair* reparatur* reparier* repar* arreglar consert* mend mended fix fixed',
  size: 'size sizes sizing grosse grossen taille tailles talla tallas tamano* tamanho*',
  hours: 'hours opening offnungszeit* geoffnet horaire* ouvert* horario* abierto* aberto*',
  store: 'store stores shop shops laden filiale* geschaft* magasin* boutique* tienda* loja*',
  account: 'account* konto kundenkonto compte cuenta conta',
  password: 'password* passwort* kennwort* contrasena* senha*',
  email: 'email* mail mails mailadresse courriel* correo*',
  phone: 'phone* telephone* telefon* telefono* telemovel',
  person:
    'person human humans humano* agent agents representative* mitarbeiter* mensch* conseiller* conseillere* humain* agente* pessoa atendente*',
  name: 'name names namen nom nombre nome',
  gift: 'gift gifts geschenk* gutschein* cadeau* regalo* presente* voucher*',
  discount: 'discount* rabatt* reduction* remise* descuento* desconto* promo* coupon*',
  damage:
    'damage* broken defect* beschadig* kaputt* defekt* abime* casse* endommag* danad* roto rota quebrad* danific* faulty',
  miss: 'missing lost fehlt fehlen fehlend* verloren* perdu* manque* perdid* falta* extraviad*',
  tent: 'tent tents zelt zelte tente tentes carpa* barraca* tenda*',
  boot: 'boot boots shoe shoes schuh* stiefel* chaussure* bottes bota botas zapato* sapato*',
  jacket: 'jacket* jacke jacken veste vestes chaqueta* casaco* jaqueta*',
  backpack: 'backpack* rucksack* pack packs mochila*',
  wash: 'wash* wasch* lavage laver lavar',
  waterproof: 'waterproof* wasserdicht* impermeab* etanche*',
  down: 'down daune*',
  rent: 'rent rental rentals renting hire miete mieten louer alquil* alug*',
  day: 'day days tag tage tagen jour jours dia dias',
  stock: 'stock available availability lager lieferbar verfugbar* disponib*',
  list: 'list lists liste lista show zeig* montre* muestra* mostra*',
  time: 'long lang lange takes time times dauer* dure duree delai delais temps tarda* tiempo demora* tempo',
  item: 'item items article articles artikel* articulo* artigo* produkt* product products produit* producto* produto*',
  country: 'country countries land lander pays pais paises',
};

/** Concepts of several words, rewritten before a text is split. */
const EXPRESSIONS: [RegExp, string][] = [
  [/\bsen[dt](?:ing)?(?: (?:it|them|this|that|something|things|an? item|items))? back\b/g, 'return'],
  [/\bmoney back\b/g, 'refund'],
];

/** A plain text with expressions as single words. */
export const withExpressions = (text: string): string =>
  text.includes(' back') ? EXPRESSIONS.reduce((all, [form, concept]) => all.replace(form, concept), text) : text;

/** Actions: a tool that knows nothing of the action asked for does not answer the question. */
export const ACTIONS: ReadonlySet<string> = new Set([
  'return',
  'refund',
  'exchange',
  'cancel',
  'change',
  'pay',
  'repair',
]);

const exact = new Map<string, string>();
const prefixes = new Map<string, string>();
for (const [concept, forms] of Object.entries(CONCEPTS))
  for (const form of forms.split(' '))
    if (form.endsWith('*')) prefixes.set(form.slice(0, -1), concept);
    else exact.set(form, concept);

/** Names of countries come from the runtime: `Norwegen` and `Noruega` are `norway`. Names of several words are left out. */
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const regions = (language: string) => new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
const english = regions('en');
for (const foreign of ['de', 'fr', 'es', 'pt'].map(regions))
  for (const code of LETTERS.flatMap((first) => LETTERS.map((second) => first + second))) {
    const [from, to] = [foreign.of(code), english.of(code)].map((name) => split(plain(name ?? '')));
    if (from?.length === 1 && to?.length === 1 && from[0] && to[0] && !exact.has(from[0])) exact.set(from[0], to[0]);
  }

const SHORTEST_PREFIX = Math.min(...[...prefixes.keys()].map(({ length }) => length));

/** Whether a reduced word is a concept of the shop's. */
export const isConcept = (word: string): boolean => Object.hasOwn(CONCEPTS, word);

/** The concept of a plain word, or `undefined`: the longest matching beginning counts. */
export const conceptOf = (word: string): string | undefined => {
  const concept = exact.get(word);
  if (concept !== undefined) return concept;
  for (let length = word.length; length >= SHORTEST_PREFIX; length -= 1) {
    const found = prefixes.get(word.slice(0, length));
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Words without content of their own, per language; they also tell which language a message is in. */
export const FUNCTION_WORDS = {
  en: 'a after again ago already also an and another any are as at be been but by can could did do does for from get give go got had has have help hello hey hi how i if in information into is it its just know let like ll make may me more much my need no not now of ok on or our out please policy question re s should since so some still take tell than thanks that the their them then there these they this those to too up two us use ve very want was we were what when where which who why will with work would yes yet you your',
  de: 'aber alles als am an auch auf aus bei bin bis bitte da dann das dass dem den der des die dies diese dieser du ein eine einem einen einer er es etwas euch fur danke gibt habe haben hallo hatte heisse heisst ich ihr ihre ihren im in ist ja kann kannst konnen konnte man mein meine meinem meinen meiner mich mir mit mochte moglich muss nach nein nicht noch nur oder sein sich sie sind so uber um und uns unser unsere vom von wann war warum was welche welcher wenn wer werden wie wieviel will wir wird wo wohin wurde zu zum zur',
  fr: 'ai appelle au aux avec avez bonjour c ce ces cette combien comment d dans de des du elle en est et etre fait faire il ils j je l la le les leur leurs lui ma mais me merci mes moi mon n ne nos notre nous on ont ou par pas peut peux plait pour pouvez puis qu quand que quel quelle quelles quels qui quoi quelque chose sa sans se ses si son sont sur ta te tes toi ton tu un une veux vos votre voudrais vous y',
  es: 'a al algo algun alguna como con cual cuales cuando cuanto de del desde donde el ella ellos en es esta este esto estan fue gracias ha han hasta hay hola la las le les llama llamo lo los me mi mis muy no nos nuestra nuestro o para pero por porque puede puedo puedes que quien quiero se ser si sin sobre son su sus te tengo tiene tienen tu tus un una usted y ya yo',
  pt: 'a algo algum alguma ao aos as chama chamo com como da das de do dos e ela ele eles em entre era essa esse esta este eu foi gostaria ha isso isto ja la lhe mais mas me meu meus minha minhas muito na nas nao no nos nossa nosso o obrigada obrigado ola onde os ou para pela pelo por porque posso pode podem qual quando quanto quantos que quem quero se sem ser seu sua sou tem tenho um uma voce voces',
} as const;

const functionWords = new Set(Object.values(FUNCTION_WORDS).flatMap((words) => words.split(' ')));

export const isFunctionWord = (word: string): boolean => functionWords.has(word);
