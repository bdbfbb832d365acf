/**
 * ttrpc, client and server: remote calls in small frames over any pair of byte streams.
 *
 * <p>{@link dev.kumite.ttrpc.TtrpcClient} keeps many calls in flight over one connection; {@link
 * dev.kumite.ttrpc.TtrpcServer} answers the calls of one connection for each {@code serve}. The
 * package opens no sockets and knows no service: streams and services come from its callers. Calls
 * block, and are meant for virtual threads; streaming calls are not spoken.
 *
 * <p>Both ends take the peer for hostile: a length is checked before anything is allocated for it,
 * every queue has a bound, and what goes wrong is a {@link dev.kumite.ttrpc.TtrpcException}.
 *
 * <p>Source: containerd/ttrpc, PROTOCOL.md.
 */
@NullMarked
package dev.kumite.ttrpc;

import org.jspecify.annotations.NullMarked;
