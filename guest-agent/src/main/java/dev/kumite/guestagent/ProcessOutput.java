package dev.kumite.guestagent;

import com.google.protobuf.ByteString;
import dev.kumite.ttrpc.CallContext;

/** One output of a process, read by the host piece by piece. */
interface ProcessOutput extends AutoCloseable {

    /**
     * Waits for data. Does not lose any: what is read for a call that was cancelled in the meantime
     * is kept for the next one.
     *
     * @param most bytes to read; never more than 64 KiB are
     * @return what there is, at least a byte; nothing at the end
     */
    ByteString read(int most, CallContext context);

    /** Called when the process has ended: from then on, no more than what is there is read. */
    void processEnded();

    @Override
    void close();
}
