//! The list of the files of `queries/`; a test keeps it the same as the folder.

/// Each file's name, in order, with its text.
macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$((
            $name,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/queries/", $name, ".sql")),
        )),*]
    };
}

/// The queries that are part of latido: names and texts.
pub(super) const FILES: &[(&str, &str)] = files![
    "churn/at_risk",
    "churn/by_month",
    "churn/customers_at_risk",
    "churn/top_reasons",
    "churn/what_detractors_say",
    "drivers/touchpoints",
    "drivers/why_did_nps_move",
    "nps/by_channel",
    "nps/by_month",
    "nps/by_region",
    "nps/by_segment",
    "nps/distribution",
    "nps/promoters_and_detractors_by_month",
    "overview/funnel",
    "overview/kpi_cards",
    "overview/kpis_by_dimension",
    "overview/kpis_by_month",
    "overview/period_against_period",
    "overview/response_rate",
    "quality/data",
    "quality/non_response",
    "quality/sources",
    "retention/cohorts",
    "retention/survival_by_segment",
    "touchpoints/expectation_gap",
    "touchpoints/kpis_by_touchpoint",
    "validation/contest",
    "validation/which_kpi",
    "value/by_nps_category",
    "value/lifetime_by_nps_category",
    "value/what_is_a_point_worth",
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn collect(root: &Path, directory: &Path, names: &mut Vec<String>) {
        for entry in std::fs::read_dir(directory).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, names);
            } else if path.extension().is_some_and(|ending| ending == "sql") {
                let name = path.strip_prefix(root).unwrap().with_extension("");
                names.push(name.to_str().unwrap().to_owned());
            }
        }
    }

    #[test]
    fn the_list_is_the_folder() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("queries");
        let mut names = Vec::new();
        collect(&root, &root, &mut names);
        names.sort();
        let listed: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(
            listed, names,
            "list the files of queries/ in src/engine/embedded.rs"
        );
    }
}
