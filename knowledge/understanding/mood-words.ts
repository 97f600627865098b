/** Beginnings of words by what they say about a customer's mood; `urgent` says that something cannot wait. */
export type MoodWords = { good: string; bad: string; awful: string; urgent: string; not: string };

const list = (words: MoodWords): MoodWords => words;

/** Small on purpose: what customers of shops write, by language. Words are matched from their beginning, `=` whole. */
export const MOOD_WORDS: Record<string, MoodWords> = {
  en: list({
    good: 'thank great perfect excellent lovely happy awesome brilliant wonderful helpful =love pleased amazing =nice appreciate',
    bad: 'disappoint annoy unhappy frustrat problem broken wrong bad poor complain upset useless late sorry mess damaged missing',
    awful:
      'terrible horrible furious angry worst disgust unacceptable ridiculous scam fraud outrag awful appalling pathetic hate joke shame lawyer rubbish',
    urgent: 'urgent asap immediately =today tonight tomorrow emergency =now hurry deadline',
    not: "not no never don't dont doesn't doesnt isn't isnt wasn't wasnt can't cant cannot won't without hardly",
  }),
  de: list({
    good: 'danke dank super toll perfekt ausgezeichnet wunderbar freue zufrieden hilfreich klasse prima',
    bad: 'enttäusch ärger unzufrieden problem kaputt falsch schlecht beschwer leider beschädigt fehlt verspätet nervig',
    awful:
      'furchtbar schrecklich wütend unverschämt unmöglich inakzeptabel katastroph betrug frechheit lächerlich anwalt skandal unerhört sauer',
    urgent: 'dringend sofort umgehend heute morgen eilig notfall schnellstmöglich',
    not: 'nicht kein keine keinen nie niemals ohne kaum',
  }),
  fr: list({
    good: 'merci super parfait excellent génial ravi content satisfait formidable utile',
    bad: 'déçu décev problème cassé faux mauvais plainte mécontent abîmé manque retard énerv',
    awful: 'horrible furieu inacceptable scandal honte nul ridicule arnaque catastroph lamentable avocat colère',
    urgent: 'urgent immédiatement aujourd demain vite urgence rapidement',
    not: 'pas ne jamais sans aucun guère',
  }),
  es: list({
    good: 'gracias genial perfecto excelente encant contento satisfecho estupendo útil maravill',
    bad: 'decepcion molest problema roto equivocad malo mala queja descontento dañad falta retras',
    awful: 'horrible furios inaceptable vergüenza ridícul estafa pésim terrible indign abogado desastre asco',
    urgent: 'urgente inmediatamente =hoy mañana rápido emergencia =ya',
    not: 'no nunca jamás sin ningún apenas',
  }),
  pt: list({
    good: 'obrigad ótimo perfeito excelente adorei contente satisfeito fantástico útil maravilh',
    bad: 'desiludid decepcion problema partid errad mau má reclam descontente danificad falta atras chatead',
    awful: 'horrível furios inaceitável vergonha ridícul burla péssim terrível indign advogado desastre',
    urgent: 'urgente imediatamente =hoje amanhã rápido emergência =já',
    not: 'não nunca jamais sem nenhum',
  }),
};
