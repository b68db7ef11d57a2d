//! PostgreSQL's own messages between its clients.

use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};

use super::SqlStore;
use crate::store::db::Sql;
use crate::store::{Channel, StoreError};

const CHANNEL: &str = "agenticcalling_live";

#[async_trait]
impl Channel for SqlStore {
    fn is_shared(&self) -> bool {
        self.db.is_postgres()
    }

    async fn tell(&self, message: &str) -> Result<(), StoreError> {
        if self.is_shared() {
            let sql = Sql::new("SELECT 1 AS told FROM pg_notify($1, $2)");
            self.db.first(sql.bind(CHANNEL).bind(message)).await?;
        }
        Ok(())
    }

    async fn listen(&self) -> Result<BoxStream<'static, String>, StoreError> {
        let Some(mut listener) = self.db.listener().await? else {
            return Ok(stream::empty().boxed());
        };
        listener.listen(CHANNEL).await?;
        // An error ends the stream: what was told meanwhile is lost anyway.
        let messages = listener.into_stream().take_while(|told| std::future::ready(told.is_ok()));
        Ok(messages.filter_map(async |told| Some(told.ok()?.payload().to_owned())).boxed())
    }
}
