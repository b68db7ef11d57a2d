//! One trunk: its sockets, who may talk to us on it, its registration, and what it asks outside of calls.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use base64::Engine as _;
use rsipstack::dialog::DialogId;
use rsipstack::dialog::authenticate::Credential;
use rsipstack::dialog::dialog::Dialog;
use rsipstack::dialog::dialog_layer::DialogLayer;
use rsipstack::dialog::registration::Registration;
use rsipstack::platform::CancellationToken;
use rsipstack::sip::headers::untyped::{Accept, Allow};
use rsipstack::sip::{Header, HeadersExt as _, Host, HostWithPort, Method, StatusCode, Uri};
use rsipstack::transaction::endpoint::{EndpointOption, TargetLocator};
use rsipstack::transaction::{Endpoint, EndpointBuilder, Transaction, TransactionReceiver};
use rsipstack::transport::udp::UdpConnection;
use rsipstack::transport::{SipAddr, TcpListenerConnection, TlsConfig, TransportLayer};
use tokio::net::lookup_host;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::config::{Transport, TrunkConfig};
use super::wire::Spelling;

/// What we understand.
pub(super) const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE";
/// Requests of the trunk that are being answered at the same time.
const REQUESTS_MAX: usize = 512;
/// Addresses of a trunk that are tried for one call.
const ADDRESSES_MAX: usize = 4;
const RESOLVE_MAX: Duration = Duration::from_secs(5);
const CONNECT_MAX: Duration = Duration::from_secs(5);
/// Hosts that answers named as where their calls go on.
const LEARNED_MAX: usize = 1024;
/// A connection may be quiet for as long as the longest call.
const CONNECTION_IDLE_MAX: Duration = Duration::from_secs(4 * 60 * 60);
/// After a registration that failed.
const REGISTER_AGAIN: Duration = Duration::from_secs(30);
const REGISTER_SECS_MIN: u64 = 30;
/// A dialog that is asked about is looked for so often, at this distance.
const DIALOG_TRIES_MAX: u32 = 10;
const DIALOG_SETTLES: Duration = Duration::from_millis(10);

pub(super) struct Trunk {
    pub(super) name: String,
    pub(super) config: TrunkConfig,
    pub(super) dialogs: Arc<DialogLayer>,
    /// Where the trunk reaches us.
    pub(super) contact: SocketAddr,
    /// Where sockets for audio are bound.
    pub(super) bind: IpAddr,
    host: String,
    port: u16,
    endpoint: Endpoint,
    allowed: Arc<Allowed>,
    routes: Arc<Routes>,
    token: CancellationToken,
}

/// Who is listened to.
struct Allowed {
    networks: Vec<ipnet::IpNet>,
    known: Mutex<BTreeSet<IpAddr>>,
}

impl Allowed {
    fn learn(&self, address: IpAddr) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < LEARNED_MAX {
            known.insert(address);
        }
    }

    fn has(&self, address: IpAddr) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.contains(&address) || self.networks.iter().any(|network| network.contains(&address))
    }
}

/// Which address an INVITE went to, so that its CANCEL goes there too.
#[derive(Default)]
struct Routes(Mutex<BTreeMap<String, SipAddr>>);

impl Routes {
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, SipAddr>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Locator(Arc<Routes>);

#[async_trait]
impl TargetLocator for Locator {
    async fn locate(&self, uri: &Uri) -> Result<SipAddr, rsipstack::Error> {
        let routed = self.0.lock().get(&uri.to_string()).cloned();
        match routed {
            Some(address) => Ok(address),
            None => SipAddr::try_from(uri),
        }
    }
}

/// The CANCEL of a call finds its way for as long as this lives.
pub(super) struct Routed {
    routes: Arc<Routes>,
    uri: String,
}

impl Drop for Routed {
    fn drop(&mut self) {
        self.routes.lock().remove(&self.uri);
    }
}

impl Trunk {
    /// Binds, and begins to serve and to register.
    pub(super) async fn open(name: &str, config: TrunkConfig) -> anyhow::Result<Trunk> {
        let (host, port) = config.place()?;
        let addresses = resolve(&host, port).await?;
        let token = CancellationToken::new();
        let layer = TransportLayer::new(token.child_token());
        layer.set_stream_idle_timeout(CONNECTION_IDLE_MAX);
        let bind = match (config.bind.ip().is_unspecified(), addresses[0].is_ipv6()) {
            (true, true) => SocketAddr::new(IpAddr::from([0_u16; 8]), config.bind.port()),
            _ => config.bind,
        };
        let contact = listen(&config, bind, &layer, addresses[0], &token).await?;
        if config.transport == Transport::Tls {
            layer.set_tls_config(tls(&config, &host)?);
        }
        let allowed =
            Arc::new(Allowed { networks: config.networks.clone(), known: Mutex::default() });
        addresses.iter().for_each(|address| allowed.learn(address.ip()));
        let guard = allowed.clone();
        layer.set_whitelist(move |address: IpAddr| {
            let has = guard.has(address);
            async move { has }
        });
        let routes = Arc::new(Routes::default());
        let option = EndpointOption {
            callid_suffix: Some(contact.ip().to_string()),
            ..EndpointOption::default()
        };
        let endpoint = EndpointBuilder::new()
            .with_user_agent(concat!("agenticcalling/", env!("CARGO_PKG_VERSION")))
            .with_cancel_token(token.clone())
            .with_transport_layer(layer)
            .with_option(option)
            .with_inspector(Box::new(Spelling))
            .with_target_locator(Box::new(Locator(routes.clone())))
            .build();
        let incoming = endpoint.incoming_transactions()?;
        let dialogs = Arc::new(DialogLayer::new(endpoint.inner.clone()));
        let inner = endpoint.inner.clone();
        tokio::spawn(async move { inner.serve().await });
        tokio::spawn(answer_all(dialogs.clone(), incoming));
        let name = name.to_owned();
        let bind = bind.ip();
        let trunk = Trunk {
            name,
            config,
            dialogs,
            contact,
            bind,
            host,
            port,
            endpoint,
            allowed,
            routes,
            token,
        };
        if trunk.config.register {
            tokio::spawn(trunk.registration()?.keep(trunk.token.clone()));
        }
        Ok(trunk)
    }

    /// Where an INVITE may go, in this order.
    pub(super) async fn addresses(&self) -> anyhow::Result<Vec<SocketAddr>> {
        let addresses = resolve(&self.host, self.port).await?;
        addresses.iter().for_each(|address| self.allowed.learn(address.ip()));
        Ok(addresses)
    }

    /// A connection is made before the INVITE, which would otherwise wait for one for half a minute.
    pub(super) async fn reach(&self, address: SocketAddr) -> anyhow::Result<SipAddr> {
        let target = SipAddr::new(self.transport(), HostWithPort::from(address));
        let connecting = self.endpoint.inner.transport_layer.lookup(&target, None);
        let connected = timeout(CONNECT_MAX, connecting).await;
        connected.context("no connection in time")?.map_err(|error| anyhow::anyhow!("{error}"))?;
        Ok(target)
    }

    pub(super) fn route(&self, uri: &Uri, target: SipAddr) -> Routed {
        let uri = uri.to_string();
        self.routes.lock().insert(uri.clone(), target);
        Routed { routes: self.routes.clone(), uri }
    }

    /// Calls may go on elsewhere than where they began: what the trunk names is trusted as it is.
    pub(super) fn learn(&self, response: &rsipstack::sip::Response) {
        let contacts = response.typed_contact_headers().unwrap_or_default();
        let routes = response.typed_record_route_headers().unwrap_or_default();
        let uris = contacts.into_iter().map(|contact| contact.uri);
        for uri in uris.chain(routes.into_iter().map(|route| route.uri)) {
            if let Host::IpAddr(address) = uri.host_with_port.host {
                self.allowed.learn(address);
            }
        }
    }

    /// `sip:USER@DOMAIN`.
    pub(super) fn uri(&self, user: &str) -> anyhow::Result<Uri> {
        let domain = self.config.domain.clone().unwrap_or_else(|| self.authority());
        let transport = self.parameter();
        parse(&format!("sip:{user}@{domain}{transport}"))
    }

    pub(super) fn contact_uri(&self, user: &str) -> anyhow::Result<Uri> {
        // Named even where it is the usual one: the library leaves such a contact as it is.
        let transport = match self.config.transport {
            Transport::Udp => ";transport=udp",
            Transport::Tcp | Transport::Tls => self.parameter(),
        };
        parse(&format!("sip:{user}@{}{transport}", self.contact))
    }

    pub(super) fn credential(&self) -> Option<Credential> {
        let username = self.config.username.clone()?;
        let password = self.config.password.0.clone();
        let auth_username = self.config.auth_username.clone();
        Some(Credential { username, password, realm: None, auth_username })
    }

    fn transport(&self) -> rsipstack::sip::Transport {
        match self.config.transport {
            Transport::Udp => rsipstack::sip::Transport::Udp,
            Transport::Tcp => rsipstack::sip::Transport::Tcp,
            Transport::Tls => rsipstack::sip::Transport::Tls,
        }
    }

    fn parameter(&self) -> &'static str {
        match self.config.transport {
            Transport::Udp => "",
            Transport::Tcp => ";transport=tcp",
            Transport::Tls => ";transport=tls",
        }
    }

    /// Without the port where it is the usual one: some trunks compare letter by letter.
    fn authority(&self) -> String {
        if self.port == self.config.transport.default_port() {
            return match self.host.parse::<IpAddr>() {
                Ok(IpAddr::V6(address)) => format!("[{address}]"),
                _ => self.host.clone(),
            };
        }
        match self.host.parse::<IpAddr>() {
            Ok(address) => SocketAddr::new(address, self.port).to_string(),
            Err(_) => format!("{}:{}", self.host, self.port),
        }
    }

    fn registration(&self) -> anyhow::Result<Registering> {
        let user = self.config.username.clone().unwrap_or_default();
        let mut registration = Registration::new(self.endpoint.inner.clone(), self.credential());
        registration.contact = Some(rsipstack::sip::typed::Contact {
            display_name: None,
            uri: self.contact_uri(&user)?,
            params: Vec::new(),
        });
        registration.allow = Some(Allow::from(ALLOW));
        let mut registrar = self.uri(&user)?;
        registrar.auth = None;
        Ok(Registering {
            registration,
            registrar,
            trunk: self.name.clone(),
            place: (self.host.clone(), self.port),
            seconds: self.config.register_secs,
        })
    }
}

impl Drop for Trunk {
    fn drop(&mut self) {
        self.token.cancel();
    }
}

fn parse(uri: &str) -> anyhow::Result<Uri> {
    Uri::try_from(uri).map_err(|error| anyhow::anyhow!("{error}"))
}

async fn resolve(host: &str, port: u16) -> anyhow::Result<Vec<SocketAddr>> {
    let found = timeout(RESOLVE_MAX, lookup_host((host, port))).await;
    let found = found.context("no answer in time").and_then(|found| Ok(found?));
    let found = found.with_context(|| format!("the address of {host} cannot be found"))?;
    let mut addresses: Vec<SocketAddr> = Vec::new();
    for address in found {
        if !addresses.contains(&address) && addresses.len() < ADDRESSES_MAX {
            addresses.push(address);
        }
    }
    anyhow::ensure!(!addresses.is_empty(), "{host} has no address");
    Ok(addresses)
}

/// Gives the address that the trunk is told.
async fn listen(
    config: &TrunkConfig,
    bind: SocketAddr,
    layer: &TransportLayer,
    trunk: SocketAddr,
    token: &CancellationToken,
) -> anyhow::Result<SocketAddr> {
    let ours = match config.public_address {
        Some(public) => public,
        None if bind.ip().is_unspecified() => towards(bind, trunk)?,
        None => bind.ip(),
    };
    let cannot = || format!("cannot listen on {bind}");
    if config.transport == Transport::Tcp {
        // The library binds by itself, and has to be told a port.
        let port = std::net::TcpListener::bind(bind).and_then(|probe| probe.local_addr());
        let bind = SocketAddr::new(bind.ip(), port.with_context(cannot)?.port());
        let contact = SocketAddr::new(ours, bind.port());
        let listener = TcpListenerConnection::new(bind, Some(contact)).await;
        layer.add_transport(listener.map_err(|error| anyhow::anyhow!("{error}"))?.into());
        return Ok(contact);
    }
    // Over TLS everything comes back on our own connection; this socket gives it an address.
    let socket = UdpSocket::bind(bind).with_context(cannot)?;
    socket.set_nonblocking(true)?;
    let contact = SocketAddr::new(ours, socket.local_addr()?.port());
    let socket = tokio::net::UdpSocket::from_std(socket)?;
    let connection =
        UdpConnection::from_socket(Arc::new(socket), Some(contact), Some(token.child_token()))
            .await;
    layer.add_transport(connection.map_err(|error| anyhow::anyhow!("{error}"))?.into());
    Ok(contact)
}

/// Our address on the way to the trunk.
fn towards(bind: SocketAddr, trunk: SocketAddr) -> anyhow::Result<IpAddr> {
    let probe = UdpSocket::bind(SocketAddr::new(bind.ip(), 0))?;
    probe.connect(trunk).with_context(|| format!("there is no way to {}", trunk.ip()))?;
    Ok(probe.local_addr()?.ip())
}

fn tls(config: &TrunkConfig, host: &str) -> anyhow::Result<TlsConfig> {
    let authorities = match &config.ca_file {
        Some(file) => std::fs::read(file)
            .with_context(|| format!("ca_file: cannot read {}", file.display()))?,
        None => system_authorities()?,
    };
    let sni_hostname = Some(host.to_owned());
    Ok(TlsConfig { ca_certs: Some(authorities), sni_hostname, ..TlsConfig::default() })
}

/// As PEM, the only form that the library takes.
fn system_authorities() -> anyhow::Result<Vec<u8>> {
    let found = rustls_native_certs::load_native_certs();
    anyhow::ensure!(
        !found.certs.is_empty(),
        "this system has no certificate authorities: install ca-certificates, or name a ca_file"
    );
    let mut pem = String::new();
    for certificate in found.certs {
        let text = base64::engine::general_purpose::STANDARD.encode(&certificate);
        pem.push_str("-----BEGIN CERTIFICATE-----\n");
        pem.push_str(&text);
        pem.push_str("\n-----END CERTIFICATE-----\n");
    }
    Ok(pem.into_bytes())
}

/// Tells the trunk again and again where we are.
struct Registering {
    registration: Registration,
    registrar: Uri,
    trunk: String,
    place: (String, u16),
    seconds: u32,
}

impl Registering {
    async fn keep(mut self, token: CancellationToken) {
        loop {
            let wait = self.register().await.unwrap_or_else(|error| {
                let error = format!("{error:#}");
                tracing::error!(trunk = self.trunk, error, "the trunk took no registration");
                REGISTER_AGAIN
            });
            tokio::select! {
                () = sleep(wait) => {}
                () = token.cancelled() => return,
            }
        }
    }

    /// Gives how long it lasts.
    async fn register(&mut self) -> anyhow::Result<Duration> {
        let (host, port) = &self.place;
        self.registration.outbound_proxy = resolve(host, *port).await?.first().copied();
        let response = self.registration.register(self.registrar.clone(), Some(self.seconds)).await;
        let response = response.map_err(|error| anyhow::anyhow!("{error}"))?;
        let code = response.status_code.code();
        anyhow::ensure!(code / 100 == 2, "it was answered with {code}");
        let granted = u64::from(self.registration.expires());
        tracing::info!(trunk = self.trunk, granted, "registered");
        Ok(Duration::from_secs((granted * 3 / 4).max(REGISTER_SECS_MIN)))
    }
}

/// What the trunk asks of its own accord.
async fn answer_all(dialogs: Arc<DialogLayer>, mut incoming: TransactionReceiver) {
    let room = Arc::new(Semaphore::new(REQUESTS_MAX));
    while let Some(transaction) = incoming.recv().await {
        // Without room it is dropped: the trunk asks again.
        let Ok(place) = room.clone().try_acquire_owned() else { continue };
        let dialogs = dialogs.clone();
        tokio::spawn(async move {
            if let Err(error) = answer(&dialogs, transaction).await {
                tracing::debug!(%error, "a request of a trunk was not answered");
            }
            drop(place);
        });
    }
}

/// The library acknowledges an answer before it knows the dialog by its name: who is quick to ask
/// something is waited for.
async fn dialog_of(dialogs: &DialogLayer, id: &DialogId, in_dialog: bool) -> Option<Dialog> {
    let tries = if in_dialog { DIALOG_TRIES_MAX } else { 1 };
    for _ in 1..tries {
        if let Some(dialog) = dialogs.get_dialog(id) {
            return Some(dialog);
        }
        sleep(DIALOG_SETTLES).await;
    }
    dialogs.get_dialog(id)
}

async fn answer(
    dialogs: &DialogLayer,
    mut transaction: Transaction,
) -> Result<(), rsipstack::Error> {
    let tagged = transaction.original.to_header().and_then(|to| to.tag());
    let in_dialog = tagged.is_ok_and(|tag| tag.is_some());
    let id = DialogId::try_from(&transaction)?;
    if let Some(mut dialog) = dialog_of(dialogs, &id, in_dialog).await {
        return dialog.handle(&mut transaction).await;
    }
    let method = transaction.original.method;
    let status = match method {
        Method::Ack => return Ok(()),
        _ if in_dialog => StatusCode::CallTransactionDoesNotExist,
        Method::Options => StatusCode::OK,
        // Calls to us are not taken.
        Method::Invite => StatusCode::TemporarilyUnavailable,
        _ => StatusCode::MethodNotAllowed,
    };
    let headers =
        vec![Header::Allow(Allow::from(ALLOW)), Header::Accept(Accept::from("application/sdp"))];
    transaction.reply_with(status, headers, None).await?;
    // Until it is acknowledged, or was repeated often enough.
    while method == Method::Invite && transaction.receive().await.is_some() {}
    Ok(())
}
