//! The names that columns and tables have elsewhere, in English and Spanish, as letters and digits
//! without accents: survey tools, public data sets, what people write into a header.

/// Names of a table that mean a known one, separated by blanks.
const TABLES: [(&str, &str); 4] = [
    (
        "responses",
        "responses response answers surveys survey respuestas respuesta encuestas \
         encuesta feedback",
    ),
    (
        "customers",
        "customers customer clients accounts clientes cliente",
    ),
    (
        "transactions",
        "transactions purchases orders sales transacciones compras pedidos ventas",
    ),
    ("invitations", "invitations invites invitaciones envios"),
];

/// Names of a column that mean a known one, separated by blanks; the likelier first.
const COLUMNS: [(&str, &str); 27] = [
    (
        "response_id",
        "idrespuesta respuestaid submissionid respnum respondentid",
    ),
    (
        "responded_at",
        "responsedate responsedat answeredat submittedat completedat recordeddate \
         surveydate collectedat fecharespuesta fechaderespuesta fechaencuesta fecha \
         enddate timestamp datetime date createdat startdate at time when day fechahora \
         fechayhora dia visitdate",
    ),
    (
        "customer_id",
        "customer customerid idcliente clienteid cliente clientid userid accountid \
         customerref",
    ),
    ("source", "fuente origen surveytool"),
    ("touchpoint", "puntodecontacto puntocontacto momento"),
    ("channel", "canal"),
    ("segment", "segmento customersegment"),
    ("region", "zona"),
    (
        "nps",
        "npsscore scorenps netpro netpromoterscore netpromoter likelihoodtorecommend \
         likelytorecommend howlikelyareyoutorecommend howlikelyareyoutorecommendus \
         howlikelyareyoutorecommendustoafriend howlikelyareyoutorecommendustoafriendorcolleague ltr recommend recommendation \
         probabilidadderecomendar conqueprobabilidadnosrecomendaria nosrecomendaria \
         conqueprobabilidadrecomendaria probabilidadderecomendacion recomendacion recomendaria \
         puntuacionnps notanps",
    ),
    (
        "csat",
        "csatscore scorecsat q7all satisfactionscore customersatisfaction \
         customersatisfactionscore overallsatisfaction satisfaction satisfaccion \
         satisfacciongeneral satisfaccionglobal niveldesatisfaccion",
    ),
    (
        "ces",
        "cesscore scoreces customereffortscore customereffort effortscore effort easiness \
         easeofuse esfuerzo facilidad niveldeesfuerzo",
    ),
    (
        "expectation",
        "expectations expected expectativa expectativas",
    ),
    (
        "reason",
        "mainreason motivo motivoprincipal razon scorereason",
    ),
    (
        "comment",
        "comments verbatim feedback opentext feedbacktext comentario comentarios \
         observaciones",
    ),
    ("language", "lang userlanguage idioma lengua"),
    (
        "weight",
        "surveyweight weighting peso ponderacion factordeexpansion",
    ),
    (
        "joined_on",
        "joined joindate signupdate signedupat registeredon customersince fechaalta \
         fechadealta alta startdate createdat",
    ),
    (
        "churned_on",
        "churndate churnedat cancelledon canceledon cancellationdate leftat fechabaja \
         fechadebaja baja",
    ),
    (
        "churned",
        "churnvalue churn churnlabel churnflag ischurned haschurned exited attrition \
         abandono haabandonado esbaja baja",
    ),
    (
        "churn_reason",
        "motivobaja motivodebaja cancellationreason reasonforleaving",
    ),
    ("churn_category", "categoriabaja churnreasoncategory"),
    (
        "tenure_months",
        "tenureinmonths tenure monthsascustomer antiguedad mesesdeantiguedad",
    ),
    (
        "monthly_value",
        "monthlycharge monthlycharges mrr monthlyrevenue cuotamensual cargomensual",
    ),
    (
        "lifetime_value",
        "cltv clv ltv customerlifetimevalue valordevida valordelcliente",
    ),
    (
        "at",
        "transactiondate purchasedat purchasedate orderedat orderdate invoicedate \
         fechacompra fechadecompra fechapedido fecha date timestamp createdat",
    ),
    (
        "amount",
        "total totalamount revenue ordertotal importe monto importetotal",
    ),
    (
        "invited_at",
        "sentat sentdate invitationdate invitesentat fechaenvio fechadeenvio",
    ),
];

/// How likely a foreign name is to mean a known column: 0 is the name itself, then by the list.
pub(super) fn rank(known: &str, foreign: &str) -> Option<usize> {
    let foreign = letters(foreign);
    if foreign == letters(known) {
        return Some(0);
    }
    let (_, names) = COLUMNS.iter().find(|(name, _)| *name == known)?;
    let place = names.split(' ').position(|name| name == foreign)?;
    Some(place + 1)
}

/// The known table that a name means.
pub(super) fn table(stem: &str) -> Option<&'static str> {
    let stem = letters(stem);
    let found = TABLES
        .iter()
        .find(|(_, names)| names.split(' ').any(|name| name == stem))?;
    Some(found.0)
}

/// Letters and digits of a name, small and without accents.
fn letters(name: &str) -> String {
    let plain = unaccented(name);
    let letters = plain.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// A text without the accents of Spanish.
pub(super) fn unaccented(text: &str) -> String {
    let plain = |letter: char| match letter {
        'á' | 'à' | 'ä' | 'â' | 'Á' | 'À' | 'Ä' | 'Â' | 'ã' | 'Ã' => 'a',
        'é' | 'è' | 'ë' | 'ê' | 'É' | 'È' | 'Ë' | 'Ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' | 'Í' | 'Ì' | 'Ï' | 'Î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' | 'Ó' | 'Ò' | 'Ö' | 'Ô' | 'õ' | 'Õ' => 'o',
        'ú' | 'ù' | 'ü' | 'û' | 'Ú' | 'Ù' | 'Ü' | 'Û' => 'u',
        'ñ' | 'Ñ' => 'n',
        'ç' | 'Ç' => 'c',
        other => other,
    };
    // A combining accent is a letter of its own where a text is decomposed.
    let is_mark = |letter: &char| ('\u{300}'..='\u{36f}').contains(letter);
    text.chars()
        .filter(|letter| !is_mark(letter))
        .map(plain)
        .collect()
}
