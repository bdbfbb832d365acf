package dev.kumite.engine;

import com.google.protobuf.ByteString;
import dev.kumite.agentprotocol.messages.CloseStdinRequest;
import dev.kumite.agentprotocol.messages.ReadStreamRequest;
import dev.kumite.agentprotocol.messages.WriteStreamRequest;
import dev.kumite.ttrpc.TtrpcException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Objects;

/** The streams of a process in a guest, as the agent's calls carry them. */
final class ProcessStreams {

    /**
     * Most bytes in one call. Well below the 4 MiB that a message may have, and enough that the
     * calls themselves cost little.
     */
    static final int CHUNK_BYTES = 256 << 10;

    private ProcessStreams() {}

    /** Which output. */
    enum Output {
        STDOUT,
        STDERR
    }

    /** Standard input of a process. For one thread at a time. */
    static final class Input extends OutputStream {

        private final GuestAgent agent;
        private final String containerId;
        private final String execId;
        private boolean closed;

        Input(GuestAgent agent, String containerId, String execId) {
            this.agent = agent;
            this.containerId = containerId;
            this.execId = execId;
        }

        @Override
        public void write(int oneByte) throws IOException {
            write(new byte[] {(byte) oneByte}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (closed) {
                throw new IOException("the stream is closed");
            }
            int at = offset;
            int end = offset + length;
            while (at < end) {
                int size = Math.min(end - at, CHUNK_BYTES);
                WriteStreamRequest request =
                        WriteStreamRequest.newBuilder()
                                .setContainerId(containerId)
                                .setExecId(execId)
                                .setData(ByteString.copyFrom(bytes, at, size))
                                .build();
                int taken;
                try {
                    taken = agent.client().writeStdin(request).getLen();
                } catch (TtrpcException e) {
                    throw broken("the process no longer reads its input", e);
                }
                if (taken <= 0 || taken > size) {
                    throw new IOException(
                            "the guest says that it took " + taken + " of " + size + " bytes");
                }
                at += taken;
            }
        }

        @Override
        public void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try {
                agent.client()
                        .closeStdin(
                                CloseStdinRequest.newBuilder()
                                        .setContainerId(containerId)
                                        .setExecId(execId)
                                        .build());
            } catch (TtrpcException e) {
                if (e.category() != TtrpcException.Category.REFUSED) {
                    throw broken("the process's input cannot be closed", e);
                }
                // The process has ended, and its input with it.
            }
        }
    }

    /** An output of a process. For one thread at a time. */
    static final class Reader extends InputStream {

        private final GuestAgent agent;
        private final String containerId;
        private final String execId;
        private final Output output;
        private ByteString rest = ByteString.EMPTY;
        private int restAt;
        private boolean ended;

        Reader(GuestAgent agent, String containerId, String execId, Output output) {
            this.agent = agent;
            this.containerId = containerId;
            this.execId = execId;
            this.output = output;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            if (restAt == rest.size() && !fetch()) {
                return -1;
            }
            int size = Math.min(length, rest.size() - restAt);
            rest.substring(restAt, restAt + size).copyTo(bytes, offset);
            restAt += size;
            return size;
        }

        @Override
        public int available() {
            return rest.size() - restAt;
        }

        private boolean fetch() throws IOException {
            if (ended) {
                return false;
            }
            ReadStreamRequest request =
                    ReadStreamRequest.newBuilder()
                            .setContainerId(containerId)
                            .setExecId(execId)
                            .setLen(CHUNK_BYTES)
                            .build();
            try {
                rest =
                        switch (output) {
                            case STDOUT -> agent.client().readStdout(request).getData();
                            case STDERR -> agent.client().readStderr(request).getData();
                        };
            } catch (TtrpcException e) {
                if (e.category() != TtrpcException.Category.REFUSED) {
                    throw broken("the process's output ends", e);
                }
                // Kata's agent says so when the output has ended.
                rest = ByteString.EMPTY;
            }
            restAt = 0;
            ended = rest.isEmpty();
            return !ended;
        }
    }

    private static IOException broken(String what, TtrpcException e) {
        if (e.category() == TtrpcException.Category.INTERRUPTED) {
            InterruptedIOException interrupted = new InterruptedIOException(what);
            interrupted.initCause(e);
            return interrupted;
        }
        return new IOException(GuestAgent.failure(what, e).getMessage(), e);
    }
}
