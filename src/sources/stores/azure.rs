//! Azure Blob Storage and Data Lake, with the `AZURE_…` variables.
//!
//! `az://container/path` needs `AZURE_STORAGE_ACCOUNT_NAME`;
//! `abfss://container@account.dfs.core.windows.net/path` names the account itself.

use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStore;
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use url::{Position, Url};

use super::credentials::Bounded;
use super::explain::explain;
use super::settings::{Variables, client, no_retry, retry};
use crate::error::{Error, Result};

const REMEDY: &str = "set AZURE_STORAGE_ACCOUNT_NAME with AZURE_STORAGE_ACCOUNT_KEY or \
                      AZURE_STORAGE_SAS_TOKEN, or AZURE_SKIP_SIGNATURE=true for a public container";

/// The store of a container.
pub(super) fn store(url: &Url, variables: &Variables) -> Result<Arc<dyn ObjectStore>> {
    let place = &url[..Position::BeforePath];
    let builder = configured(place, variables);
    let names_account = url.username() != "" || variables.is_true("AZURE_STORAGE_USE_EMULATOR");
    if !names_account
        && builder
            .get_config_value(&AzureConfigKey::AccountName)
            .is_none()
    {
        return Err(Error::place(
            place,
            "the storage account is unknown; set AZURE_STORAGE_ACCOUNT_NAME",
        ));
    }
    let built = if variables.is_true("AZURE_SKIP_SIGNATURE") {
        builder.build()
    } else {
        signed(builder)
    };
    Ok(Arc::new(built.map_err(|error| explain(place, &error))?))
}

fn configured(place: &str, variables: &Variables) -> MicrosoftAzureBuilder {
    let endpoint = variables
        .get("AZURE_STORAGE_ENDPOINT")
        .or(variables.get("AZURE_ENDPOINT"));
    let mut builder = MicrosoftAzureBuilder::new()
        .with_client_options(client(endpoint))
        .with_retry(retry());
    for (name, value) in variables.under("AZURE_") {
        match name.parse() {
            Ok(AzureConfigKey::ContainerName) | Err(_) => {}
            Ok(key) => builder = builder.with_config(key, value),
        }
    }
    builder.with_url(place)
}

fn signed(
    builder: MicrosoftAzureBuilder,
) -> object_store::Result<object_store::azure::MicrosoftAzure> {
    let asking = builder.clone().with_retry(no_retry()).build()?;
    builder
        .with_credentials(Arc::new(Bounded {
            provider: Arc::clone(asking.credentials()),
            patience: Duration::from_secs(5),
            store: "MicrosoftAzure",
            remedy: REMEDY,
        }))
        .build()
}

#[cfg(test)]
mod tests {
    use super::{AzureConfigKey, configured, store};
    use url::Url;

    #[test]
    fn the_variables_of_azure_are_understood() {
        let given = [
            ("AZURE_STORAGE_ACCOUNT_NAME", "surveys"),
            ("AZURE_STORAGE_ACCOUNT_KEY", "a2V5"),
            ("AZURE_STORAGE_ENDPOINT", "http://127.0.0.1:10000/surveys"),
        ];
        let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let builder = configured("az://feedback", &given.into_iter().collect());
        let value = |key: &AzureConfigKey| builder.get_config_value(key);
        assert_eq!(value(&AzureConfigKey::AccountName).unwrap(), "surveys");
        assert_eq!(value(&AzureConfigKey::AccessKey).unwrap(), "a2V5");
        let http = AzureConfigKey::Client(object_store::ClientConfigKey::AllowHttp);
        assert_eq!(value(&http).unwrap(), "true");
    }

    #[test]
    fn an_account_that_nobody_named_is_asked_for() {
        let url = Url::parse("az://feedback/x").unwrap();
        let none = std::iter::empty::<(String, String)>();
        let text = store(&url, &none.collect()).err().unwrap().to_string();
        assert_eq!(
            text,
            "az://feedback: the storage account is unknown; set AZURE_STORAGE_ACCOUNT_NAME"
        );
    }
}
